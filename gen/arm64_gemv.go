package main

// Both gemv kernels take rows of A eight at a time, so that a vector of x or y
// is loaded once for eight of A, then four, then one.
const (
	nvRows  = gpr(1) // left
	nvCols  = gpr(2)
	nvA     = gpr(3)
	nvLda   = gpr(4)
	nvX     = gpr(5)
	nvY     = gpr(6)
	nvWalk  = gpr(7) // along x or y
	nvCount = gpr(8) // columns left
)

type arm64Gemv struct{ *arm64Emitter }

// begin loads the parameters.
func (g arm64Gemv) begin() {
	g.param("m", nvRows)
	g.param("n", nvCols)
	g.param("a", nvA)
	g.param("lda", nvLda)
	g.param("x", nvX)
	g.param("y", nvY)
	g.shl(nvLda)
}

// groups runs body for 8 rows while there are that many, then for 4, then for
// single ones. Row i of a group is walked along by nRow(i).
func (g arm64Gemv) groups(body func(rows int)) {
	for _, rows := range []int{8, 4, 1} {
		loop, done := g.fresh("rows"), g.fresh("fewer")
		g.label(loop)
		g.SUBSI(rows, nvRows)
		g.B("LT", done)
		for i := range rows {
			g.MOVR(nvA, nRow(i))
			g.ADD(nvLda, nvA)
		}
		body(rows)
		g.B("", loop)
		g.label(done)
		g.ADDI(rows, nvRows)
	}
	g.RET()
}

// columns runs over the columns by vectors, unroll at a time, then one, then
// by single entries. Rows and nvWalk advance with it.
func (g arm64Gemv) columns(rows, unroll int, body func(s arm64Columns)) {
	g.MOVR(nvCols, nvCount)
	parts := []arm64Columns{{g: g, unroll: unroll}, {g: g, unroll: 1}, {g: g, unroll: 1, single: true}}
	for _, s := range parts {
		loop, done := g.fresh("columns"), g.fresh("rest")
		entries, bytes := s.unroll*g.lanes(), s.unroll*neon.Width
		if s.single {
			entries, bytes = 1, g.elem.Size
		}
		g.SUBSI(entries, nvCount)
		g.B("LT", done)
		g.label(loop)
		turn := func() {
			for u := range s.unroll {
				s.u = u
				body(s)
			}
			for i := range rows {
				g.ADDI(bytes, nRow(i))
			}
			g.ADDI(bytes, nvWalk)
			g.SUBSI(entries, nvCount)
			g.B("GE", loop)
		}
		if s.unroll > 1 {
			g.measure(itoa(rows)+" rows", s.unroll, turn)
		} else {
			turn()
		}
		g.label(done)
		g.ADDI(entries, nvCount)
	}
}

// arm64Columns is one vector of columns, or one column.
type arm64Columns struct {
	g         arm64Gemv
	u, unroll int
	single    bool
}

func (s arm64Columns) load(p gpr, d vec) {
	m := address{base: p, disp: s.u * neon.Width}
	if s.single {
		s.g.FLD(s.g.elem, m, d)
	} else {
		s.g.FMOVQ(m, d)
	}
}

func (s arm64Columns) store(v vec, p gpr) {
	m := address{base: p, disp: s.u * neon.Width}
	if s.single {
		s.g.FST(s.g.elem, v, m)
	} else {
		s.g.FSTQ(v, m)
	}
}

// neonGemvN: y = A·x, the dot products of rows, in as many sums each as make
// sixteen, or eight of a single row.
func neonGemvN(e *arm64Emitter, _ Spec) {
	g := arm64Gemv{e}
	g.begin()
	g.groups(func(rows int) {
		sets := min(16/rows, 8)
		g.zeroAll(rows * sets)
		g.MOVR(nvX, nvWalk)
		g.columns(rows, sets, func(s arm64Columns) {
			x := vec(16 + s.u%2)
			s.load(nvWalk, x)
			for i := range rows {
				a := vec(18 + (s.u*rows+i)%14)
				s.load(nRow(i), a)
				g.fma(x, a, vec(i*sets+s.u))
			}
		})
		for i := range rows {
			first := vec(i * sets)
			for n := vec(sets); n > 1; n /= 2 {
				for u := range n / 2 {
					g.add(first+u, first+u+n/2, first+u)
				}
			}
			g.reduce(first)
			g.FST(g.elem, first, address{base: nvY, post: g.elem.Size})
		}
	})
}

// neonGemvT: y += Aᵀ·x, rows of A added up in their order.
func neonGemvT(e *arm64Emitter, _ Spec) {
	g := arm64Gemv{e}
	g.begin()
	g.groups(func(rows int) {
		for i := range rows {
			g.FLD(g.elem, address{base: nvX, post: g.elem.Size}, vec(i))
		}
		g.MOVR(nvY, nvWalk)
		g.columns(rows, 4, func(s arm64Columns) {
			y := vec(8 + s.u)
			s.load(nvWalk, y)
			for i := range rows {
				a := vec(12 + (s.u*rows+i)%20)
				s.load(nRow(i), a)
				g.fmaLow(a, vec(i), y)
			}
			s.store(y, nvWalk)
		})
	})
}
