package main

import "fmt"

// target is the time that lanes is to take in a row, at most.
type target struct {
	Nanoseconds float64 `json:"ns_per_call"`
	From        string  `json:"from"` // the demand that decides
	Reached     bool    `json:"reached"`
}

// demand computes a target from the measured row, nil where there is nothing to
// compare with.
type demand func(c *cell) *target

// setTarget files what the row is to reach, and whether it did.
func (c *cell) setTarget(d demand) {
	c.Target = d(c)
	if lanes := c.result("lanes"); c.Target != nil && timed(lanes) {
		c.Target.Reached = lanes.Best <= c.Target.Nanoseconds
	}
}

// atRate is the target of so many GFLOP/s.
func (c *cell) atRate(gflops float64, from string) *target {
	return &target{Nanoseconds: c.Flops / gflops, From: from}
}

// ofPeak demands a share of the peak measured beside the row.
func ofPeak(share float64) demand {
	return func(c *cell) *target {
		return c.atRate(share*c.Peak, percentText(share)+" of peak")
	}
}

// ofRoof demands a share of the row's roofline.
func ofRoof(share float64) demand {
	return func(c *cell) *target {
		return c.atRate(share*c.Roof.Limit, percentText(share)+" of bound")
	}
}

// figures demands GFLOP/s stated for the machine of the record, scaled by the
// ratio of the peaks.
func figures(f32, f64 float64) demand {
	return func(c *cell) *target {
		stated := f64
		if c.Elem == "f32" {
			stated = f32
		}
		on := parseRecord(recordZen5)
		return c.atRate(stated/on.peak[c.Elem]*c.Peak, significant(stated)+" scaled")
	}
}

// noise is how far below the best peer of the same run a rate may lie and still
// count as no slower.
const noise = 0.03

// bestOfRun demands no less than the best peer of the same run, within noise.
func bestOfRun(c *cell) *target {
	best := c.bestPeer()
	if best == nil {
		return nil
	}
	return &target{Nanoseconds: best.Best / (1 - noise), From: best.Impl + " beside it"}
}

// bestOfRecord demands the factor times the best figure on record for the row,
// or, on other processors and for rows without one, the best peer of the run.
func bestOfRecord(factor float64) demand {
	return func(c *cell) *target {
		gflops, library := zen5Record().scaled(c)
		if gflops == 0 {
			return bestOfRun(c)
		}
		return c.atRate(factor*gflops, factorText(factor)+library+" on record")
	}
}

// ofBeside demands a share of another rate measured beside the row.
func ofBeside(share float64, name string) demand {
	return func(c *cell) *target {
		return c.atRate(share*c.Beside[name], percentText(share)+" of "+name)
	}
}

// ofTime allows so many times what the best peer of the same run takes.
func ofTime(factor float64) demand {
	return func(c *cell) *target {
		best := c.bestPeer()
		if best == nil {
			return nil
		}
		return &target{Nanoseconds: factor * best.Best, From: fmt.Sprintf("%.2f × %s's time", factor, best.Impl)}
	}
}

// allOf demands the most of several; anyOf is content with the least.
func allOf(demands ...demand) demand {
	return choice(demands, func(x, y float64) bool { return x < y })
}

func anyOf(demands ...demand) demand {
	return choice(demands, func(x, y float64) bool { return x > y })
}

// choice is the target whose time comes before the others'.
func choice(demands []demand, before func(x, y float64) bool) demand {
	return func(c *cell) (chosen *target) {
		for _, d := range demands {
			if t := d(c); t != nil && (chosen == nil || before(t.Nanoseconds, chosen.Nanoseconds)) {
				chosen = t
			}
		}
		return chosen
	}
}

func percentText(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func factorText(factor float64) string {
	if factor == 1 {
		return ""
	}
	return fmt.Sprintf("%.1f × ", factor)
}
