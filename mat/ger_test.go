package mat_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/mat"
)

// TestGerTails meets every tail of rows and columns with integers, and the
// spans in which long rows are worked off.
func TestGerTails(t *testing.T) { both(t, testGerTails[float32], testGerTails[float64]) }

func testGerTails[T mat.Float](t *testing.T) {
	shapes := [][2]int{{1, 8200}, {3, 4097}, {9, 4096}, {17, 4111}, {8200, 1}, {130, 129}, {65, 1100}, inMemory, shortInMemory}
	for m := range 11 {
		for n := range sizes(150, 70) {
			shapes = append(shapes, [2]int{m, n})
		}
	}
	for n := range sizes(300, 150) { // strips of every width, and side by side
		shapes = append(shapes, [2]int{17, n + 1})
	}
	arena := newArena[T](t, 1100*4200)
	rng := newRand()
	for i, mn := range shapes {
		p := product{m: mn[0], n: mn[1], k: 1, alpha: float64(i%3 + 1), beta: 1, gap: i % 4}
		head := i%2 == 0
		x, y := place(arena.a, p.m, 1, 0, head), place(arena.b, 1, p.n, 0, !head)
		c := place(arena.c, p.m, p.n, p.gap, head)
		fillIntegers(rng, x)
		fillIntegers(rng, y)
		fillIntegers(rng, c)
		want := naive(p, x, y, c)
		mat.Ger(T(p.alpha), x.Data, y.Data, c)
		requireEntries(t, want, c, p)
		arena.check(t)
	}
}

// TestGerSpecialValues: a NaN or Inf in x reaches its row, one in y its
// column, zeros on the other side included; alpha == 0 lets none through.
func TestGerSpecialValues(t *testing.T) {
	both(t, testGerSpecialValues[float32], testGerSpecialValues[float64])
}

func testGerSpecialValues[T mat.Float](t *testing.T) {
	p := product{m: 6, n: 37, k: 1, alpha: 1, beta: 1}
	for at := range p.m + p.n {
		for _, v := range specials {
			x, y, c := mat.NewDense[T](p.m, 1, nil), mat.NewDense[T](1, p.n, nil), mat.NewDense[T](p.m, p.n, nil)
			rng := newRand()
			fillIntegers(rng, x)
			fillIntegers(rng, y)
			fillIntegers(rng, c)
			if at < p.m {
				x.Data[at] = T(v)
			} else {
				y.Data[at-p.m] = T(v)
			}
			before := c.Clone()
			mat.Ger(0, x.Data, y.Data, c)
			mat.Ger(T(math.Copysign(0, -1)), x.Data, y.Data, c)
			requireSameBits(t, before, c, "alpha = 0")
			want := naive(p, x, y, c)
			mat.Ger(1, x.Data, y.Data, c)
			requireEntries(t, want, c, p)
		}
	}
}

func TestGerContract(t *testing.T) { both(t, testGerContract[float32], testGerContract[float64]) }

func testGerContract[T mat.Float](t *testing.T) {
	a := mat.NewDense[T](3, 4, nil)
	panicsWith(t, "Ger", func() { mat.Ger(1, make([]T, 4), make([]T, 4), a) }, "3×4", "len(x) = 4")
	panicsWith(t, "Ger", func() { mat.Ger(0, make([]T, 3), make([]T, 5), a) }, "3×4", "len(y) = 5")
	panicsWith(t, "Ger", func() { mat.Ger(1, nil, nil, badDenses[T]()[0]) }, "A is")
	panicsWith(t, "Ger", func() { mat.Ger(1, a.Data[9:], make([]T, 4), a) }, "x")
	panicsWith(t, "Ger", func() { mat.Ger(1, make([]T, 3), a.Row(1), a) }, "y")

	left := a.View(0, 0, 3, 2) // columns beside the view are not its entries
	y := a.Row(2)[2:]
	y[0] = 2
	mat.Ger(1, []T{1, 2, 3}, y, left)
	require.Equal(t, []T{2, 0, 0, 0, 4, 0, 0, 0, 6, 0, 2, 0}, a.Data)

	require.Zero(t, testing.AllocsPerRun(10, func() { mat.Ger(1, []T{1, 2, 3}, y, left) }))
}
