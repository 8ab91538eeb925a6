package scene_test

import (
	"fmt"
	"os"

	"github.com/thinpane/thinpane/bench/scene"
)

func ExampleWebPage() {
	r, err := scene.WebPage(os.DirFS("../testdata/photos"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Name(), r.Size(), r.Duration(), len(r.Inputs()), "turns of the wheel")
	// Output: page (1280,800) 14s 14 turns of the wheel
}
