package crossing

import "unicode/utf8"

// modifiers are the names that recordings use, and X11's.
var modifiers = map[string]string{"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L", "super": "Super_L", "altgr": "ISO_Level3_Shift"}

// keysyms are those of X11's keysymdef.h that do not stand for a character.
var keysyms = map[string]uint32{
	"BackSpace": 0xff08, "Tab": 0xff09, "Return": 0xff0d, "Escape": 0xff1b, "Delete": 0xffff, "Insert": 0xff63,
	"Home": 0xff50, "Left": 0xff51, "Up": 0xff52, "Right": 0xff53, "Down": 0xff54, "Prior": 0xff55, "Page_Up": 0xff55,
	"Next": 0xff56, "Page_Down": 0xff56, "End": 0xff57, "Menu": 0xff67, "KP_Enter": 0xff8d,
	"F1": 0xffbe, "F2": 0xffbf, "F3": 0xffc0, "F4": 0xffc1, "F5": 0xffc2, "F6": 0xffc3,
	"F7": 0xffc4, "F8": 0xffc5, "F9": 0xffc6, "F10": 0xffc7, "F11": 0xffc8, "F12": 0xffc9,
	"Shift_L": 0xffe1, "Control_L": 0xffe3, "Alt_L": 0xffe9, "Super_L": 0xffeb, "ISO_Level3_Shift": 0xfe03,
}

// characters are the names of Latin 1's characters in keysymdef.h that are not the
// character itself. Their keysym is their code point.
var characters = map[string]rune{
	"space": ' ', "exclam": '!', "quotedbl": '"', "numbersign": '#', "dollar": '$', "percent": '%', "ampersand": '&',
	"apostrophe": '\'', "parenleft": '(', "parenright": ')', "asterisk": '*', "plus": '+', "comma": ',', "minus": '-',
	"period": '.', "slash": '/', "colon": ':', "semicolon": ';', "less": '<', "equal": '=', "greater": '>',
	"question": '?', "at": '@', "bracketleft": '[', "backslash": '\\', "bracketright": ']', "asciicircum": '^',
	"underscore": '_', "grave": '`', "braceleft": '{', "bar": '|', "braceright": '}', "asciitilde": '~',
	"sterling": '£', "section": '§', "guillemotleft": '«', "guillemotright": '»', "degree": '°', "mu": 'µ',
	"Agrave": 'À', "Acircumflex": 'Â', "Adiaeresis": 'Ä', "AE": 'Æ', "Ccedilla": 'Ç', "Egrave": 'È', "Eacute": 'É',
	"Ecircumflex": 'Ê', "Ediaeresis": 'Ë', "Icircumflex": 'Î', "Idiaeresis": 'Ï', "Ocircumflex": 'Ô', "Odiaeresis": 'Ö',
	"Ugrave": 'Ù', "Ucircumflex": 'Û', "Udiaeresis": 'Ü', "ssharp": 'ß',
	"agrave": 'à', "acircumflex": 'â', "adiaeresis": 'ä', "ae": 'æ', "ccedilla": 'ç', "egrave": 'è', "eacute": 'é',
	"ecircumflex": 'ê', "ediaeresis": 'ë', "icircumflex": 'î', "idiaeresis": 'ï', "ocircumflex": 'ô', "odiaeresis": 'ö',
	"ugrave": 'ù', "ucircumflex": 'û', "udiaeresis": 'ü',
}

// keysym gives a key's X11 keysym, and what it types. A name that is not known is
// VoidSymbol: the stroke is measured nevertheless.
func keysym(name string) (sym uint32, text string) {
	const voidSymbol, unicode = 0xffffff, 0x01000000
	r, known := characters[name]
	if one, n := utf8.DecodeRuneInString(name); !known && n == len(name) && n > 0 && one != utf8.RuneError {
		r, known = one, true
	}
	switch {
	case known && r > 0xff:
		return unicode + uint32(r), string(r)
	case known:
		return uint32(r), string(r)
	}
	if sym, ok := keysyms[name]; ok {
		return sym, ""
	}
	return voidSymbol, ""
}
