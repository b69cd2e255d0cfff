package main

import "slices"

// tally counts what rows with a target reached.
type tally struct {
	Rows    int    `json:"rows"`
	Reached int    `json:"reached"`
	Means   []mean `json:"means,omitempty"`
}

// mean is the average over the large square products of an element type.
type mean struct {
	Elem    string  `json:"elem"`
	Share   float64 `json:"share_of_peak"`
	Want    float64 `json:"wanted"`
	Reached bool    `json:"reached"`
}

// newTally returns nil when no row has a target. The means count as rows.
func newTally(cells []cell) *tally {
	t := &tally{}
	sums, counts := map[string]float64{}, map[string]int{}
	for i := range cells {
		c := &cells[i]
		if c.Target == nil {
			continue
		}
		t.count(c.Target.Reached)
		if c.Threads == 1 && isLarge(c) {
			sums[c.Elem] += c.rate("lanes") / c.Peak
			counts[c.Elem]++
		}
	}
	for _, elem := range []string{"f32", "f64"} {
		if counts[elem] == 0 {
			continue
		}
		share := sums[elem] / float64(counts[elem])
		m := mean{elem, share, meanShare, share >= meanShare}
		t.Means = append(t.Means, m)
		t.count(m.Reached)
	}
	if t.Rows == 0 {
		return nil
	}
	return t
}

func (t *tally) count(reached bool) {
	t.Rows++
	if reached {
		t.Reached++
	}
}

func isLarge(c *cell) bool {
	return c.Op == "gemm" && slices.ContainsFunc(largeSizes, func(n int) bool { return c.Size == square(n).String() })
}
