package main

import (
	"fmt"
	"slices"
)

// column is one of a table's.
type column struct {
	head  string
	field func(*cell) string
}

// columns returns those of a table whose cells are alike.
func (r *tableReport) columns(u unit, cells []cell) []column {
	list := []column{
		{"size", func(c *cell) string { return c.Size }},
		{"lanes", func(c *cell) string { return value(u, c, c.result("lanes")) }},
		{"median", func(c *cell) string { return medianValue(u, c, c.result("lanes")) }},
	}
	if first := &cells[0]; first.Roof != nil {
		list = append(list, roofColumns(u)...)
	}
	if slices.ContainsFunc(cells, func(c cell) bool { return c.Target != nil }) {
		return append(list, targetColumns(u)...)
	}
	for _, name := range r.present(cells) {
		list = append(list,
			column{name, func(c *cell) string { return value(u, c, c.result(name)) }},
			column{"×", func(c *cell) string { return speedup(c.result("lanes"), c.result(name)) }})
	}
	return list
}

// present returns the implementations other than lanes that any of the cells
// has.
func (r *tableReport) present(cells []cell) (names []string) {
	for i := range cells {
		for _, res := range cells[i].Results {
			if res.Impl != r.peers[0] && !slices.Contains(names, res.Impl) {
				names = append(names, res.Impl)
			}
		}
	}
	return names
}

// roofColumns say what bounds a row, and how near lanes is.
func roofColumns(u unit) []column {
	list := []column{
		{"flop/B", func(c *cell) string { return significant(c.Roof.Intensity) }},
		{"bound", (*cell).bound},
		{"% bound", func(c *cell) string { return percent(c.Roof.Share) }},
	}
	if u.name == gflops.name {
		ofPeak := column{"% peak", func(c *cell) string { return percent(c.rate("lanes") / c.Peak) }}
		return append([]column{ofPeak}, list...)
	}
	return list
}

// targetColumns compare with the best peer alone, and with what the row is to
// reach.
func targetColumns(u unit) []column {
	best := func(show func(c *cell, r *result) string) func(*cell) string {
		return func(c *cell) string {
			if r := c.bestPeer(); r != nil {
				return show(c, r)
			}
			return none
		}
	}
	return []column{
		{"best peer", best(func(c *cell, r *result) string { return r.Impl + " " + value(u, c, r) })},
		{"×", best(func(c *cell, r *result) string { return speedup(c.result("lanes"), r) })},
		{"target", ofTarget(func(c *cell) string { return significant(u.value(c, c.Target.Nanoseconds)) })},
		{"which is", ofTarget(func(c *cell) string { return c.Target.From })},
		{"reached", ofTarget(func(c *cell) string { return yesNo(c.Target.Reached) })},
	}
}

// ofTarget shows something of rows that have a target.
func ofTarget(show func(*cell) string) func(*cell) string {
	return func(c *cell) string {
		if c.Target == nil {
			return none
		}
		return show(c)
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// percent prints a share; lanes' is 0 when its result was wrong.
func percent(share float64) string {
	if share == 0 {
		return none
	}
	return fmt.Sprintf("%.1f", 100*share)
}

const none = "–"

func timed(r *result) bool { return r != nil && r.Best > 0 }

func value(u unit, c *cell, r *result) string {
	switch {
	case r == nil:
		return none
	case r.Wrong != "":
		return "WRONG"
	}
	text := significant(u.value(c, r.Best))
	if c.abovePeak(r) {
		text += "!"
	}
	if r.CallBound {
		text += "*"
	}
	return text
}

func medianValue(u unit, c *cell, r *result) string {
	if !timed(r) {
		return none
	}
	return significant(u.value(c, r.Median))
}

func speedup(lanes, other *result) string {
	if !timed(lanes) || !timed(other) {
		return none
	}
	return fmt.Sprintf("%.2f", other.Best/lanes.Best)
}

// significant prints three or four digits without an exponent.
func significant(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	default:
		return fmt.Sprintf("%.3f", v)
	}
}
