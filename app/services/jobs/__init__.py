"""What is done for nobody, by the worker and by commands; the one room that commits by itself."""
