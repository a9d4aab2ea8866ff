// Made from the table of keywords by `UPDATE_EXPECT=1 cargo test --test editors`.

module.exports = grammar({
  name: "who",

  extras: ($) => [/\s/, $.comment],

  inline: ($) => [$._name, $._word],

  rules: {
    program: ($) => seq(optional(choice($.definition, $.statement)), repeat(seq(";", optional(choice($.definition, $.statement))))),

    statement: ($) => repeat1($._item),

    definition: ($) => seq(alias($.create, $.keyword), optional(seq(alias($.or, $.keyword), alias($.replace, $.keyword))), field("kind", $.kind), field("name", $._name), repeat($._item)),

    _name: ($) => choice(choice($.string, $.quoted_identifier), $.identifier, alias($.pattern_keyword, $.identifier), alias($.logical, $.identifier), alias($.literal, $.identifier), alias($.unit, $.identifier), alias($.keyword, $.identifier), alias($.free_keyword, $.identifier)),

    _word: ($) => choice($.quoted_identifier, $.identifier, alias($.pattern_keyword, $.identifier), alias($.logical, $.identifier), alias($.literal, $.identifier), alias($.unit, $.identifier), alias($.keyword, $.identifier), alias($.free_keyword, $.identifier)),

    _item: ($) => choice($.group, $.list_place, $.accessor, $.pattern_test, $.logical, $.literal, $.unit, $.keyword, $.free_keyword, $.identifier, $.quoted_identifier, $.string, $.timestamp, $.date, $.percent, $.duration, $.number, $.parameter, $.operator, $.separator),

    group: ($) => seq("(", repeat($._item), ")"),

    list_place: ($) => seq("[", $.number, "]"),

    accessor: ($) => seq(".", field("key", $._word)),

    pattern_test: ($) => seq(alias($.pattern_keyword, $.keyword), optional($.pattern)),

    create: ($) => token(/[cC][rR][eE][aA][tT][eE]/),

    or: ($) => token(/[oO][rR]/),

    replace: ($) => token(/[rR][eE][pP][lL][aA][cC][eE]/),

    kind: ($) => token(/[aA][uU][dD][iI][eE][nN][cC][eE]|[tT][rR][aA][iI][tT]|[cC][oO][nN][dD][iI][tT][iI][oO][nN]|[lL][iI][sS][tT]|[mM][oO][dD][eE][lL]|[eE][xX][pP][eE][rR][iI][mM][eE][nN][tT]/),

    pattern_keyword: ($) => token(/[bB][lL][oO][cC][kK][iI][nN][gG]|[mM][aA][tT][cC][hH][eE][sS]/),

    logical: ($) => token(/[aA][lL][lL]|[aA][nN][dD]|[aA][nN][yY]|[eE][vV][eE][rR][yY][oO][nN][eE]|[nN][oO][nN][eE]|[nN][oO][tT]|[oO][fF]|[oO][rR]|[pP][eE][oO][pP][lL][eE]/),

    literal: ($) => token(/[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[mM][iI][sS][sS][iI][nN][gG]|[jJ][aA][nN][uU][aA][rR][yY]|[fF][eE][bB][rR][uU][aA][rR][yY]|[mM][aA][rR][cC][hH]|[aA][pP][rR][iI][lL]|[mM][aA][yY]|[jJ][uU][nN][eE]|[jJ][uU][lL][yY]|[aA][uU][gG][uU][sS][tT]|[sS][eE][pP][tT][eE][mM][bB][eE][rR]|[oO][cC][tT][oO][bB][eE][rR]|[nN][oO][vV][eE][mM][bB][eE][rR]|[dD][eE][cC][eE][mM][bB][eE][rR]/),

    unit: ($) => token(/[mM][iI][lL][lL][iI][sS][eE][cC][oO][nN][dD]|[mM][iI][lL][lL][iI][sS][eE][cC][oO][nN][dD][sS]|[sS][eE][cC][oO][nN][dD]|[sS][eE][cC][oO][nN][dD][sS]|[mM][iI][nN][uU][tT][eE]|[mM][iI][nN][uU][tT][eE][sS]|[hH][oO][uU][rR]|[hH][oO][uU][rR][sS]|[dD][aA][yY]|[dD][aA][yY][sS]|[wW][eE][eE][kK]|[wW][eE][eE][kK][sS]|[mM][oO][nN][tT][hH]|[mM][oO][nN][tT][hH][sS]|[qQ][uU][aA][rR][tT][eE][rR]|[qQ][uU][aA][rR][tT][eE][rR][sS]|[yY][eE][aA][rR]|[yY][eE][aA][rR][sS]/),

    keyword: ($) => token(/[aA][fF][tT][eE][rR]|[aA][gG][oO]|[aA][rR][eE]|[aA][tT]|[bB][eE][fF][oO][rR][eE]|[bB][eE][tT][wW][eE][eE][nN]|[bB][yY]|[cC][oO][nN][sS][eE][nN][tT]|[cC][oO][nN][tT][aA][iI][nN][sS]|[dD][iI][dD]|[eE][lL][sS][eE]|[eE][nN][dD][sS]|[eE][xX][aA][cC][tT][lL][yY]|[fF][eE][wW][eE][rR]|[fF][iI][rR][sS][tT]|[fF][oO][rR]|[fF][rR][oO][mM]|[hH][aA][sS]|[hH][aA][vV][eE]|[iI][fF]|[iI][nN]|[iI][sS]|[kK][nN][oO][wW][nN]|[lL][aA][sS][tT]|[mM][eE][eE][tT][sS]|[mM][oO][rR][eE]|[nN][eE][vV][eE][rR]|[nN][eE][xX][tT]|[nN][oO]|[oO][nN]|[oO][nN][cC][eE]|[oO][nN][eE]|[sS][iI][nN][cC][eE]|[sS][tT][aA][rR][tT][sS]|[tT][hH][eE][iI][rR]|[tT][hH][eE][nN]|[tT][hH][iI][sS]|[tT][oO]|[tT][oO][dD][aA][yY]|[tT][oO][mM][oO][rR][rR][oO][wW]|[tT][wW][iI][cC][eE]|[uU][nN][kK][nN][oO][wW][nN]|[uU][nN][tT][iI][lL]|[wW][hH][eE][rR][eE]|[wW][hH][oO]|[wW][hH][oO][sS][eE]|[wW][iI][tT][hH][iI][nN]|[yY][eE][sS][tT][eE][rR][dD][aA][yY]/),

    free_keyword: ($) => token(/[aA][cC][tT][iI][vV][eE]_[dD][aA][yY][sS]|[aA][cC][tT][iI][vV][eE]_[mM][oO][nN][tT][hH][sS]|[aA][cC][tT][iI][vV][eE]_[wW][eE][eE][kK][sS]|[aA][dD][dD]|[aA][mM][oO][nN][gG]|[aA][nN][nN][iI][vV][eE][rR][sS][aA][rR][yY]|[aA][nN][nN][oO][uU][nN][cC][eE][dD]|[aA][sS]|[aA][sS][cC]|[aA][tT][tT][rR][iI][bB][uU][tT][eE]|[aA][tT][tT][rR][iI][bB][uU][tT][eE][sS]|[aA][uU][dD][iI][eE][nN][cC][eE]|[aA][uU][dD][iI][eE][nN][cC][eE][sS]|[aA][vV][gG]|[bB][oO][oO][lL]|[bB][oO][tT][tT][oO][mM]|[cC][aA][rR][rR][iI][eE][rR]|[cC][aA][sS][eE]|[cC][iI][dD][rR]|[cC][oO][aA][lL][eE][sS][cC][eE]|[cC][oO][lL][lL][eE][cC][tT]|[cC][oO][nN][dD][iI][tT][iI][oO][nN]|[cC][oO][nN][dD][iI][tT][iI][oO][nN][sS]|[cC][oO][sS][tT]|[cC][oO][uU][nN][tT]|[cC][rR][eE][aA][tT][eE]|[cC][uU][rR][rR][eE][nN][cC][yY]|[dD][aA][tT][eE]|[dD][aA][yY]_[oO][fF]_[wW][eE][eE][kK]|[dD][eE][cC][aA][yY][eE][dD]|[dD][eE][cC][iI][lL][eE]|[dD][eE][cC][lL][aA][rR][eE]|[dD][eE][sS][cC]|[dD][eE][sS][cC][rR][iI][bB][eE]|[dD][iI][sS][tT][iI][nN][cC][tT]|[dD][oO][mM][aA][iI][nN]|[dD][rR][oO][pP]|[dD][uU][rR][aA][tT][iI][oO][nN]|[eE][nN][dD][iI][nN][gG]|[eE][vV][eE][nN][tT]|[eE][vV][eE][nN][tT][sS]|[eE][xX][pP][eE][rR][iI][mM][eE][nN][tT]|[eE][xX][pP][eE][rR][iI][mM][eE][nN][tT][sS]|[eE][xX][pP][lL][aA][iI][nN]|[fF][oO][rR][eE][cC][aA][sS][tT]|[fF][oO][rR][gG][eE][tT]|[fF][rR][eE][eE][zZ][eE]|[fF][uU][nN][nN][eE][lL]|[gG][eE][oO]|[hH][iI][nN][dD][sS][iI][gG][hH][tT]|[hH][oO][lL][dD][iI][nN][gG]|[hH][oO][lL][dD][oO][uU][tT]|[hH][oO][uU][rR]_[oO][fF]_[dD][aA][yY]|[iI][dD]|[iI][dD][eE][nN][tT][iI][fF][iI][eE][rR]|[iI][dD][eE][nN][tT][iI][fF][iI][eE][rR][sS]|[iI][gG][nN][oO][rR][iI][nN][gG]|[iI][mM][mM][eE][dD][iI][aA][tT][eE][lL][yY]|[iI][nN][sS][tT][aA][nN][tT]|[iI][pP]|[kK][mM]|[lL][eE][aA][sS][tT]|[lL][eE][tT]|[lL][iI][kK][eE]|[lL][iI][mM][iI][tT]|[lL][iI][nN][kK]|[lL][iI][sS][tT]|[lL][iI][sS][tT][sS]|[lL][oO][wW][eE][rR]|[mM][aA][xX]|[mM][eE][dD][iI][aA][nN]|[mM][eE][mM][bB][eE][rR][sS]|[mM][iI][nN]|[mM][oO][dD][eE][lL]|[mM][oO][dD][eE][lL][sS]|[mM][oO][nN][tT][hH]_[oO][fF]_[yY][eE][aA][rR]|[mM][oO][sS][tT]|[mM][oO][sS][tT]_[fF][rR][eE][qQ][uU][eE][nN][tT]|[nN][uU][mM][bB][eE][rR]|[oO][uU][tT]|[oO][vV][eE][rR][lL][aA][pP]|[pP][aA][rR][tT][yY]|[pP][aA][uU][sS][eE]|[pP][eE][rR]|[pP][eE][rR][sS][oO][nN][aA][lL]|[pP][rR][iI][oO][rR][iI][tT][yY]|[pP][rR][oO][fF][iI][lL][eE]|[qQ][uU][aA][rR][tT][iI][lL][eE]|[qQ][uU][iI][nN][tT][iI][lL][eE]|[rR][eE][mM][oO][vV][eE]|[rR][eE][nN][aA][mM][eE]|[rR][eE][pP][lL][aA][cC][eE]|[rR][eE][qQ][uU][iI][rR][iI][nN][gG]|[rR][eE][sS][uU][mM][eE]|[rR][eE][tT][eE][nN][tT][iI][oO][nN]|[rR][eE][tT][uU][rR][nN][iI][nN][gG]|[sS][aA][mM][eE]|[sS][aA][mM][pP][lL][eE]|[sS][eE][aA][sS][oO][nN]|[sS][eE][tT]|[sS][eE][tT][tT][lL][eE][dD]|[sS][hH][oO][wW]|[sS][iI][zZ][eE]|[sS][oO][rR][tT]|[sS][oO][uU][rR][cC][eE]|[sS][qQ][lL]|[sS][tT][aA][rR][tT][iI][nN][gG]|[sS][tT][dD][dD][eE][vV]|[sS][tT][rR][iI][cC][tT][lL][yY]|[sS][uU][mM]|[sS][uU][pP][pP][rR][eE][sS][sS]|[tT][eE][xX][tT]|[tT][hH][aA][nN]|[tT][hH][iI][rR][dD]|[tT][iI][mM][eE]|[tT][iI][mM][eE][lL][iI][nN][eE]|[tT][iI][mM][eE][sS]|[tT][iI][mM][eE][zZ][oO][nN][eE]|[tT][oO][pP]|[tT][oO][tT][aA][lL]|[tT][rR][aA][iI][tT]|[tT][rR][aA][iI][tT][sS]|[tT][rR][eE][nN][dD]|[tT][rR][iI][mM]|[tT][yY][pP][iI][cC][aA][lL]_[gG][aA][pP]|[uU][nN][lL][iI][nN][kK]|[uU][pP][pP][eE][rR]|[vV][aA][rR][iI][aA][nN][tT]|[vV][eE][rR][iI][fF][yY]|[vV][eE][rR][sS][iI][oO][nN]|[wW][aA][tT][cC][hH]|[wW][hH][yY]|[wW][iI][tT][hH]|[wW][iI][tT][hH][oO][uU][tT]/),

    identifier: ($) => token(/[\p{L}\p{Nl}_][\p{L}\p{M}\p{N}_]*/u),

    quoted_identifier: ($) => token(/`[^`\n]+`/),

    string: ($) => token(/"([^"\\\n]|\\.)*"/),

    pattern: ($) => token(/\/([^\/\\\n]|\\.)*\/i?/),

    timestamp: ($) => token(/\d{4}-\d{2}-\d{2}[Tt][0-9:.]+([Zz]|[+-][0-9:]+)/),

    date: ($) => token(/\d{4}-\d{2}-\d{2}/),

    percent: ($) => token(/\d+(\.\d+)?%/),

    duration: ($) => token(/\d+([mM][sS]|[sSmMhHdDwW])/),

    number: ($) => token(/\d+(\.\d+)?/),

    parameter: ($) => token(/\$[\p{L}_][\p{L}\p{M}\p{N}_]*/u),

    operator: ($) => token(/!=|<=|>=|[-+*\/<>=]/),

    separator: ($) => token(/[,:]/),

    comment: ($) => token(/--[^\n]*/),
  },
});
