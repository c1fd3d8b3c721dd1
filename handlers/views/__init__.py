"""What pages show: one file a page, each returning frozen rows already filtered by what the reader may see."""
