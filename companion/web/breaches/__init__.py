"""Was my hospital in a breach? The public list, searched by name, and the letter that follows."""
