package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// shapeClass is a kind of products that are ranked together.
type shapeClass struct {
	name   string
	shapes []shape
}

var shapeClasses = []shapeClass{
	{"tiny", []shape{square(4), square(8), square(16), square(31)}},
	{"small", []shape{square(64), square(65), square(100), square(128)}},
	{"medium", []shape{square(256), square(400), square(513)}},
	{"large", []shape{square(1000), square(1536)}},
	{"skinny", []shape{{64, 256, 784}, {1024, 64, 1024}, {12, 1500, 500}, {2000, 20, 300}}},
}

// blockedClasses are those whose operands exceed a cache block.
var blockedClasses = shapeClasses[2:]

// allClasses is the line that weighs every class alike.
const allClasses = "all"

// ranked is a candidate's place: its share of the peak, 1 being all of it.
type ranked struct {
	name  string
	share float64
}

// samples holds those of one candidate for each shape.
type samples map[shape][]tuneSample

// best is the fastest sample of a shape: what disturbs one only slows it.
func (s samples) best(sh shape) (rate float64) {
	for _, one := range s[sh] {
		rate = max(rate, one.rate)
	}
	return rate
}

// peakOf is the highest peak beside any sample. It is the same for all of them, so
// that it has no part in their order.
func peakOf(all []samples) (peak float64) {
	for _, s := range all {
		for _, list := range s {
			for _, one := range list {
				peak = max(peak, one.peak)
			}
		}
	}
	return peak
}

func geometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}

// rank orders candidates by their share of the peak, for each class and for
// all of them, the best first.
func rank(names []string, all []samples, classes []shapeClass) map[string][]ranked {
	ranking := map[string][]ranked{}
	peak := peakOf(all)
	for i, name := range names {
		var each []float64
		for _, class := range classes {
			var shares []float64
			for _, sh := range class.shapes {
				shares = append(shares, all[i].best(sh)/peak)
			}
			share := geometricMean(shares)
			each = append(each, share)
			ranking[class.name] = append(ranking[class.name], ranked{name, share})
		}
		ranking[allClasses] = append(ranking[allClasses], ranked{name, geometricMean(each)})
	}
	for _, list := range ranking {
		slices.SortStableFunc(list, func(a, b ranked) int {
			switch {
			case a.share > b.share:
				return -1
			case a.share < b.share:
				return 1
			}
			return 0
		})
	}
	return ranking
}

func writeRanking(out io.Writer, title string, ranking map[string][]ranked, classes []shapeClass) {
	fmt.Fprintln(out, title)
	for _, class := range append(slices.Clone(classes), shapeClass{name: allClasses}) {
		var places []string
		for _, r := range ranking[class.name] {
			places = append(places, fmt.Sprintf("%s %.1f", r.name, 100*r.share))
		}
		fmt.Fprintf(out, "  %-7s %s\n", class.name, strings.Join(places, "   "))
	}
	fmt.Fprintln(out)
}
