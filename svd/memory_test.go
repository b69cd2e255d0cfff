package svd_test

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
	"github.com/lanes-go/lanes/svd"
)

// span is the addresses of an array.
type span struct{ from, to uintptr }

// arrays lists the arrays that v reaches by its fields, pointers and slices.
func arrays(v reflect.Value, seen map[uintptr]bool, list []span) []span {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			list = arrays(v.Field(i), seen, list)
		}
	case reflect.Array:
		for i := range v.Len() {
			list = arrays(v.Index(i), seen, list)
		}
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			list = arrays(v.Elem(), seen, list)
		}
	case reflect.Slice:
		if v.Cap() == 0 {
			break
		}
		list = append(list, span{v.Pointer(), v.Pointer() + uintptr(v.Cap())*v.Type().Elem().Size()})
		if k := v.Type().Elem().Kind(); k == reflect.Struct || k == reflect.Pointer || k == reflect.Slice {
			for i := range v.Len() {
				list = arrays(v.Index(i), seen, list)
			}
		}
	}
	return list
}

// memory returns the number of bytes in the arrays that a receiver keeps; what
// two slices share counts once.
func memory(receiver any) (bytes int) {
	list := arrays(reflect.ValueOf(receiver), map[uintptr]bool{}, nil)
	slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	end := uintptr(0)
	for _, s := range list {
		if s.to > end {
			bytes += int(s.to - max(s.from, end))
			end = s.to
		}
	}
	return bytes
}

func TestMemory(t *testing.T) { both(t, testMemory[float32], testMemory[float64]) }

// A receiver keeps at most 4mn + 6n² elements, a twentieth for rows padded to
// cache lines, and a share for the packed tiles of four workspaces, which does not
// grow with the matrix: by every method and route, and where one has given way to
// another. A second call allocates nothing.
func testMemory[T mat.Float](t *testing.T) {
	const products = 4 << 20 // bytes
	size := int(reflect.TypeFor[T]().Size())
	rng := rand.New(rand.NewPCG(83, 84))
	shapes := [][2]int{{24, 24}, {500, 300}, {200, 900}, {900, 200}, {500, 500}}
	if testing.Short() {
		shapes = shapes[:2]
	}
	for _, shape := range shapes {
		m, n := shape[0], shape[1]
		b := gallery.Gaussian[float64](rng, m, n)
		rows, cols := gallery.Shuffled(rng, gallery.Grades(m, 9)), gallery.Shuffled(rng, gallery.Grades(n, 9))
		flat, both := gallery.Scaled[T](b, nil, nil), gallery.Scaled[T](b, rows, cols)
		for _, c := range []struct {
			name     string
			matrices []*mat.Dense[T]
			opts     svd.Options
		}{
			{"default", []*mat.Dense[T]{flat}, svd.Options{}},
			{"columns", []*mat.Dense[T]{gallery.Scaled[T](b, nil, cols)}, svd.Options{}},
			{"rows", []*mat.Dense[T]{gallery.Scaled[T](b, rows, nil)}, svd.Options{}},
			{"both", []*mat.Dense[T]{both}, svd.Options{}},
			{"direct, then pivoted", []*mat.Dense[T]{flat, both}, svd.Options{}},
			{"one-sided", []*mat.Dense[T]{flat}, svd.Options{Method: svd.OneSidedJacobi}},
			{"values", []*mat.Dense[T]{flat}, svd.Options{ValuesOnly: true}},
			{"bidiagonal", []*mat.Dense[T]{flat}, svd.Options{Method: svd.Bidiagonal, ValuesOnly: true}},
		} {
			if c.opts.Method == svd.OneSidedJacobi && m*n > 500*100 {
				continue // slow, and its memory is a matter of shapes alone
			}
			var s svd.SVD[T]
			c.opts.Threads = 1
			factorize := func() {
				for _, a := range c.matrices {
					if s.Factorize(a, c.opts) != nil {
						t.Fail()
					}
				}
			}
			factorize()
			kept, small := memory(&s), min(m, n)
			bound := (4*m*n + 6*small*small) * size
			t.Logf("%s, %d×%d, %v: %.1f mn elements of %.1f", c.name, m, n, s.Stats().Route,
				float64(kept)/float64(size*m*n), float64(bound)/float64(size*m*n))
			require.LessOrEqual(t, kept, bound+bound/20+products, "%s, %d×%d", c.name, m, n)
			require.Zero(t, testing.AllocsPerRun(1, factorize), "%s, %d×%d", c.name, m, n)
		}
	}
}
