"""An application: started, filled in, sent, followed and moved."""
