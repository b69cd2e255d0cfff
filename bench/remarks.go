package main

import (
	"fmt"
	"slices"
	"strings"
)

// remarks follow a table: how exact the results were, and what is amiss.
func remarks(cells []cell) string {
	var b strings.Builder
	var impls []string
	worst := map[string]float64{}
	for i := range cells {
		c := &cells[i]
		for _, res := range c.Results {
			if !slices.Contains(impls, res.Impl) {
				impls = append(impls, res.Impl)
			}
			worst[res.Impl] = max(worst[res.Impl], res.Error)
			if res.Wrong != "" {
				fmt.Fprintf(&b, "WRONG: %s %s %s %s: %s\n", res.Impl, c.Op, c.Elem, c.Size, res.Wrong)
			}
		}
		for _, note := range c.Notes {
			fmt.Fprintf(&b, "%s: %s\n", c.Size, note)
		}
	}
	fmt.Fprint(&b, "largest error as a fraction of its bound:")
	for _, name := range impls {
		fmt.Fprintf(&b, "  %s %.2g", name, worst[name])
	}
	fmt.Fprintln(&b)
	if anyResult(cells, func(_ *cell, r *result) bool { return r.CallBound }) {
		fmt.Fprintln(&b, "* a tenth of this or more is the fixed cost of a call into C from Go")
	}
	if anyResult(cells, (*cell).abovePeak) {
		fmt.Fprintln(&b, "! above the peak measured for the instruction set of lanes: it was disturbed beside this row, or the library uses a wider set")
	}
	return b.String()
}

func anyResult(cells []cell, is func(*cell, *result) bool) bool {
	for i := range cells {
		for j := range cells[i].Results {
			if is(&cells[i], &cells[i].Results[j]) {
				return true
			}
		}
	}
	return false
}
