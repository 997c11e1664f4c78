"""Files are uploaded, found sound, kept, looked through and cleaned up."""
