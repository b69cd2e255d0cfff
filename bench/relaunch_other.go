//go:build !unix

package main

// relaunch does nothing: no C library is loaded on this system.
func relaunch(options) error { return nil }
