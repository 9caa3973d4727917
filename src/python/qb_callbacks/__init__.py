"""The interpreter side of python callbacks: runs scripts for the supervisor, is no part of the client module."""
