package mat

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// A matrix of more than excerptLimit rows or columns is printed as the
// excerptEdge first and last ones.
const (
	excerptLimit = 10
	excerptEdge  = 4
)

// Format makes matrices printable by package fmt.
//
//	%v %s   shape, then aligned columns of six digits; of a large matrix the
//	        first and last rows and columns, with … between them
//	%+v     the same with all rows, columns and digits
//	%#v     the fields, as Go source
//	%e %f %g, and in capitals: the rows alone, excerpted like %v
//
// Precision is that of every entry, width the least of every column:
// fmt.Printf("%8.4f", m).
func (m Dense[T]) Format(s fmt.State, verb rune) {
	m.check("Format", "the matrix")
	switch {
	case verb == 'v' && s.Flag('#'):
		fmt.Fprintf(s, "mat.Dense[%T]{Rows:%d, Cols:%d, Data:%#v, Stride:%d}", T(0), m.Rows, m.Cols, m.Data, m.Stride)
	case verb == 'v' || verb == 's':
		fmt.Fprintf(s, "%d×%d", m.Rows, m.Cols)
		m.writeRows(s, "\n", 'g', 6)
	case strings.ContainsRune("eEfFgG", verb):
		m.writeRows(s, "", byte(verb), -1)
	default:
		fmt.Fprintf(s, "%%!%c(mat.Dense[%T]=%d×%d)", verb, T(0), m.Rows, m.Cols)
	}
}

// writeRows writes before and the entries in columns, one row a line; nothing
// if there are none.
func (m *Dense[T]) writeRows(s fmt.State, before string, verb byte, digits int) {
	if m.Rows == 0 || m.Cols == 0 {
		return
	}
	all := s.Flag('+')
	if all {
		digits = -1
	}
	if p, ok := s.Precision(); ok {
		digits = p
	}
	rows, cols := excerpt(m.Rows, all), excerpt(m.Cols, all)
	width := make([]int, len(cols))
	cells := make([][]string, len(rows))
	least, _ := s.Width()
	for r, i := range rows {
		cells[r] = make([]string, len(cols))
		for c, j := range cols {
			cells[r][c] = m.cell(i, j, verb, digits)
			width[c] = max(width[c], least, utf8.RuneCountInString(cells[r][c]))
		}
	}
	fmt.Fprint(s, before, join(cells, width))
}

// excerpt lists the indices to print out of n, -1 standing for those left out.
func excerpt(n int, all bool) []int {
	var list []int
	for i := range n {
		switch {
		case all || n <= excerptLimit || i < excerptEdge || i >= n-excerptEdge:
			list = append(list, i)
		case i == excerptEdge:
			list = append(list, -1)
		}
	}
	return list
}

func (m *Dense[T]) cell(i, j int, verb byte, digits int) string {
	if i < 0 || j < 0 {
		return "…"
	}
	v := m.Data[i*m.Stride+j]
	if verb == 'F' {
		verb = 'f'
	}
	return strconv.FormatFloat(float64(v), verb, digits, int(8*unsafe.Sizeof(v)))
}

// join aligns the cells to the right, two blanks between the columns.
func join(cells [][]string, width []int) string {
	var b strings.Builder
	for r, row := range cells {
		if r > 0 {
			b.WriteByte('\n')
		}
		for c, text := range row {
			if c > 0 {
				b.WriteString("  ")
			}
			b.WriteString(strings.Repeat(" ", width[c]-utf8.RuneCountInString(text)))
			b.WriteString(text)
		}
	}
	return b.String()
}
