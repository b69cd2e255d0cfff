package main

import (
	"fmt"
	"io"
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
	defer r.tally(newTally(cells))
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
	columns := r.columns(u, cells)
	line := func(field func(column) string) {
		for _, c := range columns {
			fmt.Fprint(w, field(c), "\t")
		}
		fmt.Fprintln(w)
	}
	line(func(c column) string { return c.head })
	for i := range cells {
		line(func(c column) string { return c.field(&cells[i]) })
	}
	if err := w.Flush(); err != nil && r.err == nil {
		r.err = err
	}
	r.printf("%s", remarks(cells))
}

// tally says how many of the rows with a target reached it.
func (r *tableReport) tally(t *tally) {
	if t == nil {
		return
	}
	r.printf("\n")
	for _, m := range t.Means {
		r.printf("gemm %s, n = 128 to 4096: %.1f %% of peak on average, wanted %.0f: %s\n",
			m.Elem, 100*m.Share, 100*m.Want, yesNo(m.Reached))
	}
	r.printf("reached: %d of %d\n", t.Reached, t.Rows)
}

func (r *tableReport) end() error { return r.err }

func (r *tableReport) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(r.out, format, args...); err != nil && r.err == nil {
		r.err = err
	}
}
