"""Work that somebody asks for and comes back to: kept, so that it outlives a page and a process."""
