package eig_test

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/eig"
	"github.com/lanes-go/lanes/internal/gallery"
	"github.com/lanes-go/lanes/mat"
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

// A receiver keeps at most 5n² elements for the default method, and a share for
// the products' packed tiles, which does not grow with n.
func testMemory[T mat.Float](t *testing.T) {
	const products = 1 << 18 // bytes
	size := int(reflect.TypeFor[T]().Size())
	for _, n := range []int{24, 100, 400} {
		a := gallery.Symmetric[T](rand.New(rand.NewPCG(81, 82)), n, n)
		for name, opts := range map[string]eig.Options{
			"vectors": {}, "values": {ValuesOnly: true}, "largest": {Range: eig.Range{Largest: 7}},
		} {
			var e eig.Sym[T]
			require.NoError(t, e.Factorize(a, opts))
			if !opts.ValuesOnly {
				e.VectorsTo(new(mat.Dense[T]))
			}
			kept := memory(&e)
			t.Logf("%s, n = %d: %.2f n² elements", name, n, float64(kept)/float64(size*n*n))
			require.Greater(t, kept, n*n*size, "all of it is seen")
			require.LessOrEqual(t, kept, 5*n*n*size+products, "%s, n = %d", name, n)
		}
	}
}
