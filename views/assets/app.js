// Everything here is a convenience: each page does its work without this file.
