package main

// arm64Symv multiplies the upper triangle of a symmetric matrix by a vector,
// like the kernel of amd64: each entry beyond the diagonal blocks is loaded
// once and serves both y += x[r]·row and the dot of the row with x. Register
// plan, for passes of four rows: their entries of x, two sums of dots each,
// a block's worth of x and y, and what is at hand of A.
type arm64Symv struct {
	*arm64Emitter
	block int // side of a diagonal block
}

const (
	svRows  = gpr(0) // left
	svCols  = gpr(1) // from the diagonal block to the end of the row
	svA     = gpr(2) // the first row of a pass at its diagonal block
	svLda   = gpr(3)
	svX     = gpr(4) // at the diagonal block
	svY     = gpr(5)
	svWalkX = gpr(6)
	svWalkY = gpr(7)
	svCount = gpr(8) // columns left

	svHeight  = 4  // rows of a pass
	svVectors = 4  // in a block's row: 64 bytes
	svBytes   = 64 // of a block's row
)

func (k *arm64Symv) entry(r int) vec     { return vec(r) }
func (k *arm64Symv) dot(r, half int) vec { return vec(svHeight + 2*r + half) }
func (k *arm64Symv) x(v int) vec         { return vec(3*svHeight + v) }
func (k *arm64Symv) y(v int) vec         { return vec(3*svHeight + svVectors + v) }
func (k *arm64Symv) a(r, v int) vec {
	const first = 3*svHeight + 2*svVectors
	return vec(first + (r*svVectors+v)%(neon.Vectors-first))
}

func neonSymv(e *arm64Emitter, _ Spec) {
	k := &arm64Symv{e, svBytes / e.elem.Size}
	e.param("rows", svRows)
	e.param("n", svCols)
	e.param("a", svA)
	e.param("lda", svLda)
	e.param("x", svX)
	e.param("y", svY)
	e.shl(svLda)
	next := e.fresh("block")
	e.label(next)
	for first := 0; first < k.block; first += svHeight {
		k.pass(first)
	}
	e.ADDI(svBytes, svA) // the next block begins 64 bytes further right
	e.ADDI(svBytes, svX)
	e.ADDI(svBytes, svY)
	e.SUBI(k.block, svCols)
	e.SUBSI(k.block, svRows)
	e.B("GT", next)
	e.RET()
}

// pass does four rows of the block from row first on, and moves svA down.
func (k *arm64Symv) pass(first int) {
	for r := range svHeight {
		k.MOVR(svA, nRow(r))
		k.ADD(svLda, svA)
		k.FLD(k.elem, address{base: svX, disp: (first + r) * k.elem.Size}, k.entry(r))
		k.zero(k.dot(r, 0))
		k.zero(k.dot(r, 1))
	}
	k.MOVR(svX, svWalkX)
	k.MOVR(svY, svWalkY)
	k.ADDI(svBytes, svWalkY)
	k.load(svWalkX, k.x)
	for r := range svHeight {
		k.load(nRow(r), func(v int) vec { return k.a(r, v) })
		k.addDot(r)
	}
	loop, done := k.fresh("loop"), k.fresh("done")
	k.MOVR(svCols, svCount)
	k.SUBSI(k.block, svCount)
	k.B("EQ", done)
	k.align()
	k.label(loop)
	if first == 0 { // all passes are alike
		k.measure("4 rows", svVectors, func() { k.columns(loop) })
	} else {
		k.columns(loop)
	}
	k.label(done)
	k.addDots(first)
}

// columns adds 64 bytes of columns, and loops.
func (k *arm64Symv) columns(loop string) {
	k.load(svWalkX, k.x)
	for v := 0; v < svVectors; v += 2 {
		k.FLDPQ(address{base: svWalkY, disp: v * neon.Width}, k.y(v), k.y(v+1))
	}
	for r := range svHeight {
		k.load(nRow(r), func(v int) vec { return k.a(r, v) })
		for v := range svVectors {
			k.fmaLow(k.a(r, v), k.entry(r), k.y(v))
		}
		k.addDot(r)
	}
	for v := 0; v < svVectors; v += 2 {
		k.FSTPQ(k.y(v), k.y(v+1), address{base: svWalkY, disp: v * neon.Width})
	}
	k.ADDI(svBytes, svWalkY)
	k.SUBSI(k.block, svCount)
	k.B("GT", loop)
}

// load loads 64 bytes and moves the pointer on.
func (k *arm64Symv) load(p gpr, d func(v int) vec) {
	for v := 0; v < svVectors; v += 2 {
		k.FLDPQ(address{base: p, post: 2 * neon.Width}, d(v), d(v+1))
	}
}

// addDot adds row r at hand times x to its sums.
func (k *arm64Symv) addDot(r int) {
	for v := range svVectors {
		k.fma(k.a(r, v), k.x(v), k.dot(r, v%2))
	}
}

// addDots adds the sums of the rows to y[first:first+4].
func (k *arm64Symv) addDots(first int) {
	for r := range svHeight {
		at := address{base: svY, disp: (first + r) * k.elem.Size}
		k.add(k.dot(r, 0), k.dot(r, 1), k.dot(r, 0))
		k.reduce(k.dot(r, 0))
		k.FLD(k.elem, at, k.y(0))
		k.add(k.dot(r, 0), k.y(0), k.y(0))
		k.FST(k.elem, k.y(0), at)
	}
}
