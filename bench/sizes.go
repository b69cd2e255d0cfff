package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// size is one that -sizes asks for: an order n, a matrix m × n, a product m × n × k.
type size []int

func (z size) String() string {
	var fields []string
	for _, d := range z {
		fields = append(fields, strconv.Itoa(d))
	}
	return strings.Join(fields, "x")
}

// maxElements bounds each operand asked for by -sizes: 2 GiB of float64.
const maxElements = 1 << 28

func parseSizes(list string) (sizes []size, err error) {
	if list == "" {
		return nil, nil
	}
	for item := range strings.SplitSeq(list, ",") {
		z, err := parseSize(item)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, z)
	}
	return sizes, nil
}

func parseSize(text string) (z size, err error) {
	for field := range strings.SplitSeq(text, "x") {
		d, err := strconv.Atoi(field)
		if err != nil || d < 1 || d > maxElements {
			return nil, fmt.Errorf("-sizes: %q: want whole numbers from 1, separated by x", text)
		}
		z = append(z, d)
	}
	largest := slices.Sorted(slices.Values(z))
	slices.Reverse(largest)
	if len(z) == 1 {
		largest = append(largest, largest[0])
	}
	if largest[0] > maxElements/largest[1] {
		return nil, fmt.Errorf("-sizes: %q: an operand has more than %d elements", text, maxElements)
	}
	return z, nil
}

// takes reports whether sizes of the form of z are the group's.
func (g group) takes(z size) bool {
	return slices.ContainsFunc(g.sizes, func(form string) bool { return strings.Count(form, "x")+1 == len(z) })
}

// checkSizes refuses sizes that a group has no use for. Without names the groups
// are those of the main job, of which some have sizes of their own.
func (o options) checkSizes(named bool) error {
	for _, g := range o.groups {
		if g.measure != nil && g.sizes == nil && named && (o.sizes != nil || o.reach) {
			return fmt.Errorf("%s has sizes of its own: no -sizes, no -shapes", g.name)
		}
		for _, z := range o.sizes {
			if g.sizes != nil && !g.takes(z) {
				return fmt.Errorf("-sizes: %q: %s takes %s", z.String(), g.name, strings.Join(g.sizes, " or "))
			}
		}
	}
	return nil
}

// ordersAsked are the sizes as orders of symmetric matrices.
func (o options) ordersAsked() (orders []int) {
	for _, z := range o.sizes {
		orders = append(orders, z[0])
	}
	return orders
}

// matricesAsked are the sizes as rows and columns.
func (o options) matricesAsked() (list [][2]int) {
	for _, z := range o.sizes {
		list = append(list, [2]int{z[0], z[len(z)-1]})
	}
	return list
}

// productsAsked are the sizes as shapes of products.
func (o options) productsAsked() (shapes []shape) {
	for _, z := range o.sizes {
		if len(z) == 1 {
			shapes = append(shapes, square(z[0]))
			continue
		}
		shapes = append(shapes, shape{z[0], z[1], z[2]})
	}
	return shapes
}
