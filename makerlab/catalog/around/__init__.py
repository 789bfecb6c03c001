"""What stands around the files and needs no review: words, photos, tags, collections, work after printing."""
