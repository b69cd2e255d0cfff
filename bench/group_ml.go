package main

// flowTime is how many times longer than other cells a whole task is timed.
const flowTime = 2

// flow is a whole task on real data, from the data set to a verified result.
type flow func(*session) (cell, error)

var flows = []struct{ f32, f64 flow }{
	{irisCell[float32], irisCell[float64]},
	{digitsPCACell[float32], digitsPCACell[float64]},
	{truncatedCell[float32], truncatedCell[float64]},
	{mlpCell[float32], mlpCell[float64]},
}

func measureML(s *session) (cells []cell, err error) {
	for _, task := range flows {
		for _, elem := range s.elems {
			measure := task.f32
			if elem == "f64" {
				measure = task.f64
			}
			c, err := measure(s)
			if err != nil {
				return nil, err
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}
