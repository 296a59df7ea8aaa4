"""How large pictures may be, in one place; what they take of the memory is measured in docs/performance.md."""

# A picture is taken up to here, and made smaller above what is kept: telephones of 108 million pixels are common.
MOST_PIXELS_TAKEN = 120_000_000
MOST_PIXELS_KEPT = 50_000_000
MOST_SCANS = 100  # ordinary progressive pictures have about ten; thousands are made to keep a server busy
MOST_PIXELS_SCANNED = 1_500_000_000  # of all scans together: each goes over the whole picture
MOST_JOINED = 30  # pictures
MOST_PIXELS_JOINED = 300_000_000  # 24 photographs of a usual telephone
