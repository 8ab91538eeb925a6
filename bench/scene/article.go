package scene

// block is a part of the article's column, from top to bottom.
type block struct {
	kind kind
	text string
	file string // of a figure: its photograph, 480 x 320 pixels
}

type kind uint8

const (
	title kind = iota
	byline
	heading
	paragraph
	figure // the photograph, its text in a narrow column beside it
	quote
)

var article = []block{
	{kind: title, text: "A clock that the wind takes apart"},
	{kind: byline, text: "Field notes, third week of May. Reading time: six minutes."},
	{kind: paragraph, text: "Blow on a ripe dandelion and count the breaths until the last seed is gone: that, children " +
		"say, is the hour. The clock is a bad one, yet what leaves it is among the best fliers that plants have made. A seed of " +
		"half a milligram hangs under a parasol of a hundred bristles, nine tenths of which is empty space."},
	{kind: figure, file: "clock.jpg", text: "The head an hour before sunset, 14 May, still complete. About 170 seeds stand on a sphere " +
		"four centimetres wide; each parasol touches its neighbours and leaves no gap. On days of more than 85 % humidity it folds."},
	{kind: paragraph, text: "Why does a parasol full of holes fall more slowly than a closed one of the same weight? Air that " +
		"passes between the bristles meets air that flows around them, and above the parasol a ring of air begins to turn: " +
		"a vortex that touches nothing, stays where it is, and draws the seed upwards. It was seen first in 2018, in a vertical " +
		"wind tunnel, with smoke and a laser."},
	{kind: heading, text: "What we counted"},
	{kind: paragraph, text: "On eleven evenings we marked 60 heads in a meadow of 0.4 hectares and wrote down, every quarter of an " +
		"hour, how many seeds were left. Most stay until the air is dry, the sun is low and the wind comes in gusts; " +
		"then half of a head leaves within twenty minutes. Rain keeps them all."},
	{kind: quote, text: "Of 9,840 seeds, 71 % came down within two metres of where they grew. Four were found beyond the river."},
	{kind: paragraph, text: "Those four matter. A plant whose seeds all fall near it feeds the same few square metres for ever, and " +
		"is gone when they are ploughed. The long tail of the distances, not their mean, decides how fast a species moves."},
	{kind: figure, file: "seeds.jpg", text: "The same head from closer: the seeds sit on a floor of white cushions, one each. " +
		"The bristles are 7 mm long and 16 micrometres thick, less than a third of a hair."},
	{kind: heading, text: "How a seed lets go"},
	{kind: paragraph, text: "The stalk of the seed is stiff, and the cushion holds it on one side only. Wind from that side tears it off at " +
		"a fifth of the force that is needed from the other. So a head does not lose its seeds evenly: it opens where the " +
		"wind comes from, and that side faces up when the head leans away. We measured 1.2 against 5.9 millinewton."},
	{kind: paragraph, text: "Which way a seed is to fly is therefore decided before it flies. Seeds on the lee side wait for another " +
		"wind, sometimes for days, and go elsewhere. One head sends its children in several directions, and none of them chose."},
	{kind: figure, file: "sun.jpg", text: "The meadow to the west, 20:41. Low sun, dry air and a rising wind: within half an hour " +
		"the round heads on the left were bare."},
	{kind: paragraph, text: "Small flying sensors have been built after this plan. They weigh 30 milligrams, carry a solar cell and " +
		"a thermometer, and report by radio while they drift. Four in five land with their cell upwards, as dandelions do."},
	{kind: heading, text: "Do it yourself"},
	{kind: paragraph, text: "You need a ripe head, a hair dryer that blows cold, and a telephone that films slowly. Hold a seed by its " +
		"stalk in the stream and let go: at some speed it hangs still. That speed is how fast it falls in quiet air. " +
		"Ours: 39 centimetres a second, plus or minus five. Cut every second bristle away, and weigh what that changes."},
	{kind: byline, text: "Photographs: Clemens Engelhardt, CC0. Figures and text are invented for this page."},
}

// aside is the narrow column at the right: a heading, then one link a line.
var aside = []string{
	"More from the meadow",
	"Ten grasses you can tell apart in winter",
	"Bees before breakfast",
	"A calendar of the hedgerow",
	"What the scythe leaves standing",
	"Mapping molehills",
	"Letters: the cuckoo, again",
	"A walk of 4 km along the ditch",
	"Seeds that wait for fire",
	"The library's copies of Gray's Flora",
}
