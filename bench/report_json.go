package main

import (
	"encoding/json"
	"io"
)

// jsonReport writes one document when all is measured.
type jsonReport struct {
	out io.Writer

	Heading heading           `json:"machine"`
	Groups  map[string][]cell `json:"groups"`
	Reach   map[string]*tally `json:"reach,omitempty"` // by group
}

func (r *jsonReport) begin(h heading) {
	r.Heading = h
	r.Groups = map[string][]cell{}
	r.Reach = map[string]*tally{}
}

func (r *jsonReport) group(g group, cells []cell) {
	r.Groups[g.name] = cells
	if t := newTally(cells); t != nil {
		r.Reach[g.name] = t
	}
}

func (r *jsonReport) end() error {
	e := json.NewEncoder(r.out)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
