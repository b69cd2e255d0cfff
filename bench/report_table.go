package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// tableReport writes text for people, a table per operation and element type.
type tableReport struct {
	out   io.Writer
	peers []string
	err   error
}

func (r *tableReport) begin(h heading) {
	for _, p := range h.Peers {
		r.peers = append(r.peers, p.Name)
	}
	r.printf("%s", headingText(h))
}

func headingText(h heading) string {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "%-9s %s\n", label, fmt.Sprintf(format, args...))
	}
	line("machine", "%s, %d cores, %s/%s", h.CPU, h.Cores, h.OS, h.Arch)
	if len(h.Caches) > 0 {
		line("caches", "%s", strings.Join(h.Caches, ", "))
	}
	line("go", "%s, GOMAXPROCS %d, %s%s", h.Go, h.GOMAXPROCS, threadsText(h.Threads), pinnedText(h))
	label := "isa"
	for _, text := range choiceText(h.Choice) {
		line(label, "%s", text)
		label = ""
	}
	for _, k := range h.Kernels {
		line("", "%s", k)
	}
	if h.Peak64 > 0 {
		line("peak", "%.1f GFLOP/s f32, %.1f f64 (loop of FMAs, measured now)", h.Peak32, h.Peak64)
	}
	for _, p := range h.Peers {
		cost := ""
		if p.CallCost > 0 {
			cost = fmt.Sprintf("; a call costs %d ns", p.CallCost.Nanoseconds())
		}
		line(p.Name, "%s%s", p.Detail, cost)
	}
	for _, text := range h.Absent {
		line("absent", "%s", text)
	}
	return b.String()
}

func pinnedText(h heading) string {
	if h.Threads == 1 && len(h.Pinned) == 1 {
		return fmt.Sprintf(", pinned to core %d", h.Pinned[0])
	}
	return ""
}

func (r *tableReport) group(g group, cells []cell) {
	for len(cells) > 0 {
		n := 1
		for n < len(cells) && cells[n].Op == cells[0].Op && cells[n].Elem == cells[0].Elem {
			n++
		}
		r.table(g.unit, cells[:n])
		cells = cells[n:]
	}
}

// table writes cells of one operation and element type, a row each.
func (r *tableReport) table(u unit, cells []cell) {
	first := &cells[0]
	r.printf("\n%s %s, %s, %s; × is lanes' speed over the other's\n\n", first.Op, first.Elem, u.name, threadsText(first.Threads))
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	peers := r.present(cells)
	withPeak := first.Peak > 0
	fmt.Fprintln(w, strings.Join(append(header(peers, withPeak), ""), "\t"))
	for i := range cells {
		fmt.Fprintln(w, strings.Join(append(row(u, &cells[i], peers, withPeak), ""), "\t"))
	}
	if err := w.Flush(); err != nil && r.err == nil {
		r.err = err
	}
	r.printf("%s", remarks(cells))
}

// present returns the peers other than lanes that any of the cells has.
func (r *tableReport) present(cells []cell) []string {
	return slices.DeleteFunc(slices.Clone(r.peers[1:]), func(name string) bool {
		return !slices.ContainsFunc(cells, func(c cell) bool { return c.result(name) != nil })
	})
}

func header(peers []string, withPeak bool) []string {
	fields := []string{"size", "lanes", "median"}
	if withPeak {
		fields = append(fields, "% peak", "peak")
	}
	for _, name := range peers {
		fields = append(fields, name, "×")
	}
	return fields
}

func row(u unit, c *cell, peers []string, withPeak bool) []string {
	lanes := c.result("lanes")
	fields := []string{c.Size, value(u, c, lanes), medianValue(u, c, lanes)}
	if withPeak {
		fields = append(fields, percent(c, lanes), fmt.Sprintf("%.1f", c.Peak))
	}
	for _, name := range peers {
		other := c.result(name)
		fields = append(fields, value(u, c, other), speedup(lanes, other))
	}
	return fields
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

func percent(c *cell, r *result) string {
	if !timed(r) || c.Peak == 0 {
		return none
	}
	return fmt.Sprintf("%.1f", 100*c.Flops/r.Best/c.Peak)
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

func (r *tableReport) end() error { return r.err }

func (r *tableReport) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(r.out, format, args...); err != nil && r.err == nil {
		r.err = err
	}
}
