package main

import (
	"fmt"
	"math"
)

// target is the rate that lanes is to reach in a row.
type target struct {
	Rate    float64 `json:"gflops"`
	From    string  `json:"from"` // the demand that decides
	Reached bool    `json:"reached"`
}

// demand computes a target from the measured row; its rate is 0 where there is
// nothing to compare with.
type demand func(c *cell) target

// setTarget files what the row is to reach, and whether it did.
func (c *cell) setTarget(d demand) {
	t := d(c)
	t.Reached = c.rate("lanes") >= t.Rate
	c.Target = &t
}

// ofPeak demands a share of the peak measured beside the row.
func ofPeak(share float64) demand {
	return func(c *cell) target {
		return target{Rate: share * c.Peak, From: percentText(share) + " of peak"}
	}
}

// ofRoof demands a share of the row's roofline.
func ofRoof(share float64) demand {
	return func(c *cell) target {
		return target{Rate: share * c.Roof.Limit, From: percentText(share) + " of bound"}
	}
}

// figures demands GFLOP/s stated for the machine of the record, scaled by the
// ratio of the peaks.
func figures(f32, f64 float64) demand {
	return func(c *cell) target {
		stated := f64
		if c.Elem == "f32" {
			stated = f32
		}
		on := parseRecord(recordZen5)
		return target{Rate: stated / on.peak[c.Elem] * c.Peak, From: significant(stated) + " scaled"}
	}
}

// noise is how far below the best peer of the same run a rate may lie and still
// count as no slower.
const noise = 0.03

// bestOfRun demands no less than the best peer of the same run, within noise.
func bestOfRun(c *cell) target {
	best := c.bestPeer()
	if best == nil {
		return target{}
	}
	return target{Rate: (1 - noise) * c.Flops / best.Best, From: best.Impl + " beside it"}
}

// bestOfRecord demands the factor times the best figure on record for the row,
// or, on other processors and for rows without one, the best peer of the run.
func bestOfRecord(factor float64) demand {
	return func(c *cell) target {
		gflops, library := zen5Record().scaled(c)
		if gflops == 0 {
			return bestOfRun(c)
		}
		return target{Rate: factor * gflops, From: factorText(factor) + library + " on record"}
	}
}

// ofBeside demands a share of another rate measured beside the row.
func ofBeside(share float64, name string) demand {
	return func(c *cell) target {
		return target{Rate: share * c.Beside[name], From: percentText(share) + " of " + name}
	}
}

// allOf demands the most of several; anyOf is content with the least.
func allOf(demands ...demand) demand {
	return func(c *cell) target {
		most := target{}
		for _, d := range demands {
			if t := d(c); t.Rate > most.Rate {
				most = t
			}
		}
		return most
	}
}

func anyOf(demands ...demand) demand {
	return func(c *cell) target {
		least := target{Rate: math.Inf(1)}
		for _, d := range demands {
			if t := d(c); t.Rate > 0 && t.Rate < least.Rate {
				least = t
			}
		}
		return least
	}
}

func percentText(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func factorText(factor float64) string {
	if factor == 1 {
		return ""
	}
	return fmt.Sprintf("%.1f × ", factor)
}
