package spectral

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// GramSVD decomposes an m × n matrix W = U·Σ·Vᵀ, m ≥ n, that loses no accuracy
// to the scaling of its columns: W = B·D with a well-conditioned B and any
// diagonal D gives every singular value to the order of eps·κ(B). It is
// one-sided Jacobi in large steps, all of them matrix products:
//
//  1. The columns are sorted by length and cut into windows of similar length.
//     The eigenvectors of a window's Gram matrix make its columns orthogonal up
//     to eps times the square of its condition, and first-order rotations
//     separate them from the shorter columns (precondition).
//  2. Simultaneous rotations of all pairs, to second order, on columns scaled
//     to unit length, where the rounding of the Gram matrix is relative to each
//     pair (correct). The last Gram matrix verifies.
//
// W is kept by rows of its transpose, and so is V. The zero value is ready; a
// second decomposition of the same shape allocates nothing.
type GramSVD[T mat.Float] struct {
	// D holds the singular values, descending.
	D []float64
	// Perm gives the column of W that belongs to entry j of each row of V.
	Perm []int
	// Watch may stop Factorize, which then returns its error.
	Watch *Monitor
	// Factor says, before Reset, that W is the factor of a matrix sorted by its
	// diagonal, whose columns are the more orthogonal the more their lengths differ.
	// Windows may then be narrow.
	Factor bool

	n, m    int
	limits  gramLimits
	tol     float64      // of cosines
	w, next mat.Dense[T] // n × m: the columns of W; room for them rotated
	v, turn mat.Dense[T] // n × n: the columns of V; room for them rotated
	g, e    mat.Dense[T] // n × n: the Gram matrix, then Ê; I − VᵀV, then E
	inverse []float64    // 1/D, and 0 for 0
	cosines []T          // a row of Ĝ
	drifts  []T          // a row of R
	last    []int        // of each column, the farthest one in its cluster
	reach   []reach      // of the columns of Ê or E, by blocks
	order   []int
	used    []float64 // of Complete
	rows    []float64 // largest cosines of columns with later ones; lengths of the rows of Ê or E
	columns []float64 // and of their columns

	// Of FactorizeTall:
	u       mat.Dense[T] // m × n: the columns of W as they are turned
	block   mat.Dense[T] // room for some rows of u
	part    mat.Dense[T] // the Gram matrix of some rows
	lengths []float64    // of the columns of u
	probed  bool         // u needs no correction

	left     float64 // of turnAll
	unturned float64
	track    bool // V turns with W
	drifted  bool // V has seen more than orthogonal matrices, or is to be measured anyway
	seen     int  // columns of the first window, until others have met them
	flat     bool // all columns are of similar length, and not sorted

	eigen  SymDC[T]
	inner  Monitor // of the eigensolver: no progress, as windows are many
	work   mat.Workspace[T]
	narrow mat.Workspace[float32]
	stats  GramStats
}

// GramStats tells how a decomposition went.
type GramStats struct {
	Windows     int     // of columns of similar length
	Corrections int     // simultaneous rotations after them
	Clusters    int     // groups of columns that these left to eigenvectors
	Off         float64 // largest cosine in the last Gram matrix, or what a correction after it leaves
	Drift       float64 // largest entry of the last I − VᵀV, 0 where none was due

	Eigen, Precondition, Correct time.Duration // the eigensolver, the rest of step 1, step 2
}

// gramLimits are the thresholds of the method for one precision.
type gramLimits struct {
	window float64 // least ratio of lengths within a window
	keep   float64 // least ratio of squared lengths to leave a window as resolved
	tall   float64 // the same for all columns of a tall matrix
	guard  float64 // least ratio of lengths to columns outside of the window
	shrunk float64 // ratio of lengths after and before a separation that makes another due
	narrow float64 // Frobenius norm of some columns of Ê up to which their product may be in float32
	single float64 // turn from which on a pair is rotated by itself
	second float64 // its square is what second order may leave out
	last   float64 // share of n·eps which a correction may leave, in the Frobenius norm
	shear  float64 // norm of a separation's turns up to which second order keeps V orthogonal, to fourth
}

// limitsOf returns the thresholds. The eigenvectors of a Gram matrix leave
// cosines of about eps over the ratio of squared lengths, 3e-6 at keep in
// float64 and 2e-4 in float32, and a separation the square of the ratio to the
// guard, 1e-5 and 1e-3: one correction to second order leaves less than eps of
// either.
func limitsOf[T mat.Float]() gramLimits {
	if is64[T]() {
		return gramLimits{window: 3e-7, keep: 8e-11, tall: 1e-11, guard: 300, shrunk: 1e-3, narrow: 1e-9, single: 3e-6, second: 4e-9, last: 1.0 / 32, shear: 1e-4}
	}
	return gramLimits{window: 1e-3, keep: 1e-3, tall: 1e-4, guard: 30, shrunk: 0.3, narrow: 0, single: 1e-3, second: 1e-3, last: 1.0 / 32, shear: 2e-2}
}

// narrowWindows sets what suffices for a Factor.
func narrowWindows[T mat.Float](l *gramLimits) {
	if is64[T]() {
		l.window, l.guard = 1e-6, 100
	} else {
		l.window, l.keep, l.guard = 1e-2, 3e-4, 10
	}
}

// measuredOrder is the largest order at which I − VᵀV is formed though V is only
// made of eigenvectors: it costs little there, and theirs are as far from
// orthogonal as those of larger matrices.
const measuredOrder = 64

// maxWindows is more than columns over the whole range of T need.
const maxWindows = 200

// Reset makes room for an m × n matrix, m ≥ n, and returns the n × m matrix for
// the caller to fill with Wᵀ, at a scale that ScaleFor chose.
func (g *GramSVD[T]) Reset(m, n int) *mat.Dense[T] {
	g.resetSquare(m, n)
	for _, x := range []*mat.Dense[T]{&g.w, &g.next} {
		growDense(x, n, m)
	}
	return &g.w
}

// resetSquare makes room for what is not of the size of W.
func (g *GramSVD[T]) resetSquare(m, n int) {
	g.m, g.n, g.limits = m, n, limitsOf[T]()
	if g.Factor {
		narrowWindows[T](&g.limits)
	}
	// Of few columns, cosines of 20·eps would add up to much of what n·eps allows.
	g.tol = min(g.tolerance(m), max(math.Sqrt(float64(m)), float64(n)/3, 4)*Eps[T]())
	for _, x := range []*mat.Dense[T]{&g.v, &g.turn, &g.g} {
		growDense(x, n, n)
	}
	padded := roundUp(n, symvBlock[T]()) // for the eigensolver, which works there
	growDense(&g.e, padded, padded)
	g.e.Rows, g.e.Cols = n, n
	g.D, g.inverse = Grow(g.D, n), Grow(g.inverse, n)
	g.rows, g.columns, g.lengths = Grow(g.rows, n), Grow(g.columns, n), Grow(g.lengths, n)
	g.reach = Grow(g.reach, (n+turnBlock-1)/turnBlock)
	g.cosines, g.drifts = Grow(g.cosines, n), Grow(g.drifts, n)
	g.Perm, g.order, g.last = Grow(g.Perm, n), Grow(g.order, n), Grow(g.last, n)
	for i := range g.Perm {
		g.Perm[i] = i
	}
}

// Factorize decomposes the matrix that Reset returned, with at most so many
// corrections and threads. Without vectors V stays undefined. The error wraps
// mat.ErrNoConvergence. Cost with vectors, columns of similar length: m·n²
// flops for each of two or three Gram matrices, 14n³/3 for the eigenvectors,
// 2mn² for W, and 2mn² + 2n³ for each of one or two corrections, to which the
// first of graded columns adds 5n³.
func (g *GramSVD[T]) Factorize(vectors bool, corrections, threads int) error {
	g.prepare(vectors, threads)
	start := time.Now()
	g.begin()
	err := g.precondition()
	g.stats.Precondition = time.Since(start) - g.stats.Eigen
	start = time.Now()
	if err == nil {
		err = g.correct(corrections)
	}
	g.stats.Correct = time.Since(start)
	return err
}

func (g *GramSVD[T]) prepare(vectors bool, threads int) {
	g.work.Threads, g.narrow.Threads = threads, threads
	g.track, g.drifted = vectors, g.n <= measuredOrder
	g.stats = GramStats{}
	g.inner, g.eigen.Watch = Monitor{}, &g.inner
	if g.Watch != nil {
		g.inner.Context = g.Watch.Context
	}
}

// Stats describes the last Factorize.
func (g *GramSVD[T]) Stats() GramStats { return g.stats }

// Left returns the n × m matrix whose rows are the columns of U, until the next
// Reset. Those of zero singular values are zero before Complete.
func (g *GramSVD[T]) Left() *mat.Dense[T] { return &g.w }

// Right returns the n × n matrix whose rows are the columns of V, in the order
// of Perm, until the next Reset.
func (g *GramSVD[T]) Right() *mat.Dense[T] { return &g.v }

// Spare returns an n × n matrix that nothing stands in before Factorize and after
// it, until the next Reset.
func (g *GramSVD[T]) Spare() *mat.Dense[T] { return &g.turn }

// Complete makes the rows of Left orthonormal that belong to zero singular
// values.
func (g *GramSVD[T]) Complete() {
	if g.n > 0 && g.D[g.n-1] == 0 {
		g.used = Grow(g.used, g.m)
		Complete(g.m, g.w.Data, g.w.Stride, g.D, g.used)
	}
}

// begin measures the columns, and sorts them unless they are flat.
func (g *GramSVD[T]) begin() {
	g.measure(0, g.n)
	longest := g.vanish()
	g.flat = longest > 0
	for _, x := range g.D {
		g.flat = g.flat && x >= g.limits.window*longest
	}
	if !g.flat {
		g.sortOrder(0)
		g.permute(&g.w, 0)
		copy(g.Perm, g.order)
		g.permuteD(0)
	}
	setIdentity(&g.v)
}

func setIdentity[T mat.Float](m *mat.Dense[T]) {
	for i := range m.Rows {
		row := m.Row(i)
		clear(row)
		row[i] = 1
	}
}

// measure sums the lengths of columns p to q−1.
func (g *GramSVD[T]) measure(p, q int) {
	for j := p; j < q; j++ {
		g.D[j] = math.Sqrt(sumSquares(g.w.Row(j)))
	}
}

// vanish clears the columns below Floor times the longest, whose length it
// returns.
func (g *GramSVD[T]) vanish() float64 {
	longest := 0.0
	for _, x := range g.D {
		longest = max(longest, x)
	}
	for j, x := range g.D {
		if x > 0 && x <= longest*Floor[T]() {
			clear(g.w.Row(j))
			g.D[j] = 0
		}
	}
	return longest
}

// sort brings the columns from p on into descending order of length.
func (g *GramSVD[T]) sort(p int) {
	if g.sortOrder(p) {
		g.permute(&g.w, p)
		if g.track {
			g.permute(&g.v, p)
		}
		g.permuteD(p)
	}
}

// sortOrder fills order from p on and reports whether it moves anything.
func (g *GramSVD[T]) sortOrder(p int) (moves bool) {
	for i := p; i < g.n; i++ {
		g.order[i] = i
		moves = moves || i > p && g.D[i] > g.D[i-1]
	}
	if moves {
		slices.SortStableFunc(g.order[p:], func(i, j int) int { return cmp.Compare(g.D[j], g.D[i]) })
	}
	return moves
}

// permute moves row order[i] of x to row i, by exchanges: what stood in a row
// already filled has moved on to where order says for that row.
func (g *GramSVD[T]) permute(x *mat.Dense[T], p int) {
	for i := p; i < g.n; i++ {
		if j := g.source(i); j != i {
			kernels.Swap(x.Row(i), x.Row(j))
		}
	}
}

func (g *GramSVD[T]) permuteD(p int) {
	for i := p; i < g.n; i++ {
		j := g.source(i)
		g.D[i], g.D[j] = g.D[j], g.D[i]
	}
}

// source returns where exchanges of the rows before i have left row order[i].
func (g *GramSVD[T]) source(i int) int {
	j := g.order[i]
	for j < i {
		j = g.order[j]
	}
	return j
}

func (g *GramSVD[T]) failure() error {
	return fmt.Errorf("%w: the Gram matrix of the scaled columns stands at an off-norm (largest cosine) of %.3g after %d windows and %d corrections",
		mat.ErrNoConvergence, g.stats.Off, g.stats.Windows, g.stats.Corrections)
}
