"""HTTP as the forge needs it: requests in, replies out, over keep-alive connections."""
