package spectral

import (
	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

const (
	wyBlock  = 32 // reflectors that one compact WY block gathers
	wyBlocks = 3  // blocks that rows meet one after another while they are in cache
	wyRows   = 64 // rows that do so together
)

// backTransform multiplies vectors by the Q of a tridiagonal reduction, in
// compact WY blocks (Schreiber and Van Loan 1989; LAPACK larft, larfb):
// H(i)···H(i+k-1) = I - Vᵀ·S·V, the rows of V being the v and S upper
// triangular.
type backTransform[T mat.Float] struct {
	watch   *Monitor
	gram, s mat.Dense[T]         // V·Vᵀ and S, k × k
	blocks  [wyBlocks]wyPair[T]  // the last one first
	held    int                  // blocks that there is room for
	count   int                  // of those at work
	z       mat.Dense[T]         // what they multiply
	own     []T                  // room for the blocks where none is lent
	slots   []backTransformer[T] // one for each goroutine
	job     kernels.Job
}

// wyPair is what rows are multiplied by: z becomes z - (z·Vᵀ)·(Sᵀ·V), from entry
// first on.
type wyPair[T mat.Float] struct {
	first  int
	vt, sv mat.Dense[T] // Vᵀ, m × k, and Sᵀ·V, k × m
}

// backTransformer is what one goroutine works with; the only one uses the caller's
// workspace.
type backTransformer[T mat.Float] struct {
	ws   *mat.Workspace[T]
	own  mat.Workspace[T]
	proj mat.Dense[T]
}

// reset makes room for as many blocks of reflectors of length n as what is lent
// holds, or for one.
func (b *backTransform[T]) reset(n int, lent []T) {
	growDense(&b.gram, wyBlock, wyBlock)
	growDense(&b.s, wyBlock, wyBlock)
	each := wyBlock * (n + strideOf[T](n)) // of the two matrices
	room := lent[:cap(lent)]
	if len(room) < each {
		b.own = grow(b.own, each)
		room = b.own
	}
	b.held = min(len(room)/each, wyBlocks)
	for i := range b.blocks[:b.held] {
		p, cut := &b.blocks[i], i*each+wyBlock*n
		p.vt.Data, p.sv.Data = room[i*each:i*each:cut], room[cut:cut:(i+1)*each]
	}
}

// apply replaces each row x of z by Q·x, the v of Q being those of the rows of a as
// tridiagonal has them, unless watch stops it, in the array of lent where that
// suffices. Cost: 2n³ flops for n rows.
func (b *backTransform[T]) apply(ws *mat.Workspace[T], a *mat.Dense[T], tau []T, z *mat.Dense[T], lent []T) {
	b.reset(a.Cols, lent)
	tasks := (z.Rows + wyRows - 1) / wyRows
	threads := ws.Threads
	if threads == 0 {
		threads = mat.MaxThreads()
	}
	threads = min(threads, tasks)
	for len(b.slots) < threads {
		b.slots = append(b.slots, backTransformer[T]{own: mat.Workspace[T]{Threads: 1}})
	}
	for i := range b.slots {
		b.slots[i].ws = &b.slots[i].own
	}
	if threads == 1 {
		b.slots[0].ws = ws
	}
	b.z = *z
	reflectors := max(a.Cols-2, 0) // H(n-2) is the identity
	for end := reflectors; end > 0 && b.watch.Step(stageBack, reflectors-end, reflectors); {
		for b.count = 0; b.count < b.held && end > 0; b.count++ {
			first := (end - 1) / wyBlock * wyBlock
			v := window(a, first, first+1, end-first, a.Cols-first-1)
			b.blocks[b.count].first = first + 1
			b.prepare(ws, &b.blocks[b.count], &v, tau[first:end])
			end = first
		}
		b.job.Run(threads, tasks, b)
	}
	b.z = mat.Dense[T]{}
}

// prepare finds the factors of the block with the reflectors of v.
func (b *backTransform[T]) prepare(ws *mat.Workspace[T], p *wyPair[T], v *mat.Dense[T], tau []T) {
	k, m := v.Rows, v.Cols
	gram, s := window(&b.gram, 0, 0, k, k), window(&b.s, 0, 0, k, k)
	ws.Gemm(mat.NoTrans, mat.Trans, 1, v, v, 0, &gram)
	wyFactor(ws, &gram, tau, &s)
	growDense(&p.sv, k, m)
	ws.Gemm(mat.Trans, mat.NoTrans, 1, &s, v, 0, &p.sv)
	growDense(&p.vt, m, k)
	kernels.Transpose(k, m, v.Data, v.Stride, p.vt.Data, p.vt.Stride)
}

// Task multiplies some rows by the blocks, on behalf of apply.
func (b *backTransform[T]) Task(slot, i int) {
	t := &b.slots[slot]
	rows := min(wyRows, b.z.Rows-i*wyRows)
	for j := range b.blocks[:b.count] {
		p := &b.blocks[j]
		part := window(&b.z, i*wyRows, p.first, rows, p.sv.Cols)
		growDense(&t.proj, rows, p.sv.Rows)
		t.ws.Gemm(mat.NoTrans, mat.NoTrans, 1, &part, &p.vt, 0, &t.proj)
		t.ws.Gemm(mat.NoTrans, mat.NoTrans, -1, &t.proj, &p.sv, 1, &part)
	}
}

// wyFactor sets the upper triangular s of the block whose reflectors have the
// Gram matrix gram, by halves: s12 = -s1·gram12·s2 (Elmroth and Gustavson 2000).
func wyFactor[T mat.Float](ws *mat.Workspace[T], gram *mat.Dense[T], tau []T, s *mat.Dense[T]) {
	k := len(tau)
	if k <= wyLeaf {
		wyColumns(gram, tau, s)
		return
	}
	h := k / 2
	s1, s2 := window(s, 0, 0, h, h), window(s, h, h, k-h, k-h)
	gram1, gram2 := window(gram, 0, 0, h, h), window(gram, h, h, k-h, k-h)
	wyFactor(ws, &gram1, tau[:h], &s1)
	wyFactor(ws, &gram2, tau[h:], &s2)
	s12, gram12, product := window(s, 0, h, h, k-h), window(gram, 0, h, h, k-h), window(s, h, 0, k-h, h)
	ws.Gemm(mat.Trans, mat.Trans, 1, &s2, &gram12, 0, &product)
	ws.Gemm(mat.NoTrans, mat.Trans, -1, &s1, &product, 0, &s12)
	for i := h; i < k; i++ {
		clear(s.Row(i)[:h])
	}
}

// wyLeaf is the largest block whose factor is computed column by column.
const wyLeaf = 8

// wyColumns is wyFactor with s(:j,j) = -tau(j)·s·gram(:j,j), s(j,j) = tau(j).
func wyColumns[T mat.Float](gram *mat.Dense[T], tau []T, s *mat.Dense[T]) {
	for j, tj := range tau {
		for i := range j {
			var sum T
			for p, x := range s.Row(i)[i:j] {
				sum += x * gram.Data[j*gram.Stride+i+p]
			}
			s.Data[i*s.Stride+j] = -tj * sum
		}
		s.Data[j*s.Stride+j] = tj
		clear(s.Row(j)[:j])
	}
}
