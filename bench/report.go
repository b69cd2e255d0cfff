package main

import "io"

// reporter writes a report as it comes into being.
type reporter interface {
	begin(heading)
	group(group, []cell)
	end() error // of writing, too
}

func newReporter(format string, out io.Writer) reporter {
	switch format {
	case "go":
		return &goReport{out: out}
	case "json":
		return &jsonReport{out: out}
	default:
		return &tableReport{out: out}
	}
}
