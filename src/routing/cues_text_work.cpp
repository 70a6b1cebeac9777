#include "routing/cues.hpp"

namespace triaged::routing {

namespace {

using enum TaskType;
using enum Where;

// Weights: fitted to labelled prompts from priors set by hand, see docs/routing.md.
constexpr Cue cues[] = {
    // Summarising.
    {lead,
     "summarize|summarise|summarizing|sum up|recap|condense|tldr|tl dr|abridge|shorten this|shorten the|boil down|"
     "boil .. down|digest|give .. gist|key points|main points|key takeaways|main ideas|executive summary|"
     "highlights only|main takeaways|give me the highlights|what are the key points|what are the key takeaways|what "
     "are the main points|"
     "was sind die wichtigsten punkte|was sind die kernaussagen|quels sont les points|quelles sont les idees|"
     "cuales son las ideas|cuales son los puntos|"
     "give .. summary|write .. summary|provide .. summary|create .. summary|make .. summary|prepare .. summary|"
     "fasse .. zusammen|fass .. zusammen|fassen sie .. zusammen|zusammenfassen|erstelle .. zusammenfassung|"
     "schreibe .. zusammenfassung|kurze .. zusammen|resume ce|resume cet|resume cette|resume le|resume la|resume les|"
     "resume moi|resumez|resumer|fais .. resume|faites .. resume|redige .. resume|synthetise|resume este|resume esta|"
     "resume el|resume los|resumeme|resumir|resuma|haz .. resumen|escribe .. resumen|dame .. resumen|sintetiza|"
     "总结|概括|归纳|摘要|概述|请总结|सारांश|संक्षेप",
     {{{summarize, 5.4F}}}},
    {zone,
     "summary|summarize|summarise|summaries|gist|takeaways|in a nutshell|key points|main points|main idea|tldr|tl dr|"
     "most important points|key risks|zusammenfassung|zusammenfassen|wichtigsten punkte|kernpunkte|kernaussagen|"
     "kernaussage|points cles|idees principales|points essentiels|resumen|puntos clave|ideas principales|"
     "puntos principales|总结|概括|摘要|要点|归纳|主要内容|核心内容|सारांश|मुख्य बिंदु|संक्षेप में",
     {{{summarize, 4.2F}}}},

    // Extracting.
    {lead,
     "extract|pull out|pull the|find all|find every|find each|get all|get every|get each|list all .. in|list all .. "
     "from|"
     "list all .. mentioned|list every|list the main entities|identify all|identify every|identify each|pick out|parse|"
     "fill in the following|scrape|collect all|locate all|return .. as json|give me all .. mentioned|"
     "do named entity|named entity recognition|turn this into a table|turn .. into a table|convert .. into structured|"
     "convert .. into json|convert the text into|create a key value|make a table|return json|give me the names|"
     "extrahiere|extrahieren|finde alle|finden sie alle|liste alle|nenne alle .. im|hole alle|"
     "extrais|extraire|extrayez|trouve tous|trouve toutes|trouve les|liste tous|liste toutes|releve|"
     "extrae|extraer|extraiga|saca el|saca los|saca las|encuentra todos|encuentra todas|enumera todos|enumera todas|"
     "lista todos|lista todas|提取|抽取|找出|列出文中|摘出|将 .. 提取出来|निकालो|निकालें|निकालिए",
     {{{extract, 4.1F}}}},
    {zone,
     "named entities|entities|mentioned in|mentioned above|json schema|into a table|as a table|in a table|as json|"
     "email addresses|email address|phone numbers|action items|line items|invoice number|extract|extracted|"
     "key dates|monetary amounts|names of people|job titles|pos tags|dependency parsing|from the text|from this "
     "text|from the following|from the passage|from the email|the fields|key value|"
     "genannten|erwahnten|aus dem text|als json|tabelle mit|e mail adressen|telefonnummern|"
     "mentionnes|mentionnees|du texte|au format json|en json|adresses e mail|courriel|"
     "mencionados|mencionadas|del texto|de este anuncio|correos electronicos|"
     "提取|抽取|提取出|找出|关键词|文段中|文本中|उल्लेखित|निकालो|निकालें|जेसन",
     {{{extract, 3.9F}}}},

    // Classifying.
    {lead,
     "classify|categorize|categorise|label|which category|what category|what is the sentiment|what s the sentiment|"
     "whats the sentiment|detect the language|predict the|choose .. topic|sort these .. into|sort .. into categories|"
     "what is the intent|what s the intent|rate the|assign|tag the|route this|triage this|flag|category|"
     "klassifiziere|klassifizieren|kategorisiere|ordne .. zu|ordne|welche kategorie|welche stimmung|"
     "bestimme die stimmung|classe|classifie|classez|classifiez|categorise|quel est le sentiment|quelle categorie|"
     "quelle est la categorie|a quel service|a quelle categorie|"
     "clasifica|clasificar|categoriza|etiqueta|cual es el sentimiento|que sentimiento|a que departamento|"
     "分类|归类|将以下 .. 分类|वर्गीकृत|वर्गीकरण",
     {{{classify, 4.5F}}}},
    {lead,
     "determine whether|determine if|decide whether|decide if|tell if|tell me if|tell me whether|detect if|detect "
     "whether|"
     "identify whether|identify if|is this|is the following|does the following|does the .. support|is it spam|is this "
     "review|"
     "is this email|judge whether|verify whether|check whether|say whether|fact checking|are the following|"
     "ist das|ist diese|ist dieser|bestimme ob|entscheide ob|est ce un|est ce que ce|determine si|dis si|"
     "es spam|es este|determina si|decide si|判断|请判断|这是|क्या यह|बताओ कि क्या",
     {{{classify, 2.7F}, {qa, -0.4F}}}},
    {zone,
     "sentiment|positive or negative|positive negative|negative or positive|positive negative or|positive negative "
     "neutral|"
     "one of the following|one of these categories|answer yes or no|yes or no|label only|only the label|only one word|"
     "only return the label|category|categories|spam|toxic|hate speech|label the|classification|classify|"
     "billing technical|true or false|one of|stimmung|kategorie|kategorien|antworte mit ja oder nein|positiv oder "
     "negativ|"
     "positiv negativ|reponds oui ou non|positif ou negatif|positive ou negative|positif negatif|categorie|categories "
     "suivantes|"
     "responde si o no|positivo o negativo|positiva o negativa|positivo negativo|categoria|categorias|opinion positiva|"
     "分类|类别|情感|积极|消极|正面|负面|属于哪|属于|垃圾邮件|判断|स्पैम|सकारात्मक|नकारात्मक|श्रेणी|हाँ या नहीं",
     {{{classify, 4.2F}}}},
    {zone,
     "support or contradict|supports the claim|support the claim|contradict|entail|entailment|grammatical or not|"
     "passive aggressive|offensive|sarcastic|intent|topic of|same meaning|fact or an opinion|fact or opinion|bias|"
     "stereotype|promotion email|ticket|options|choose from|department",
     {{{classify, 2.9F}, {math, 1.2F}, {qa, -1.1F}}}},

    // Rewriting.
    {lead,
     "rewrite|rephrase|reword|paraphrase|translate|proofread|proof read|correct|edit|polish|simplify this|simplify the|"
     "fix the grammar|fix grammar|fix .. grammar|fix .. spelling|fix .. typos|fix typos|fix .. punctuation|fix my "
     "english|"
     "check my grammar|check .. grammar|improve the writing|improve this|improve my|improve the following|change the "
     "tone|"
     "change .. tone|clean up|make this|make it sound|make it more|make the following|make my|tone down|"
     "how do you say|how do i say|how would i say|how would you say|how to say|how can i say|say .. in|tell me how to "
     "say|"
     "convert .. to formal|convert .. passive|turn .. into formal|put this in|put .. into plain|shorten my|expand this|"
     "uebersetze|ubersetze|ubersetzen|ubersetz|formuliere|formulier|umformulieren|korrigiere|korrigieren|verbessere|"
     "uberarbeite|schreibe .. um|schreib .. um|wie sagt man|lektoriere|"
     "traduis|traduisez|traduire|reformule|reformulez|corrige|corrigez|reecris|reecrivez|ameliore|comment dit on|"
     "paraphrase|traduce|traduzca|traducir|traduceme|reescribe|reescriba|reformula|corrige|corregir|mejora|parafrasea|"
     "como se dice|翻译|把下面 .. 翻译|将 .. 翻译|改写|重写|润色|修改|把以下|把下面|重述|将其简化|纠正|校对|编辑|改为|"
     "अनुवाद|सुधारो|सुधारें|फिर से लिखो|दोबारा लिखो|बदलो",
     {{{rewrite, 5.2F}}}},
    {zone,
     "translate|translated|translation|translating|rewrite|rewritten|rephrase|paraphrase|grammar|typos|spelling "
     "mistakes|"
     "proofread|more formal|more polite|more concise|more casual|more professional|formal tone|casual tone|"
     "professional tone|wording|reword|plain english|grade level|active voice|passive voice|in your own words|"
     "ins englische|ins deutsche|ins franzosische|ins spanische|auf englisch|hoflicher|formeller|grammatik|"
     "rechtschreibung|en anglais|en francais|en espagnol|en allemand|plus polie|plus formel|les fautes|orthographe|"
     "al ingles|al espanol|al frances|al aleman|tono mas formal|mas formal|gramatica|ortografia|"
     "翻译成|翻译|译成|译为|语法错误|改写|润色|改成|改为|更正式|同义|替换|अनुवाद|अंग्रेज़ी में|हिंदी में|विनम्र|व्याकरण",
     {{{rewrite, 3.6F}}}},
    {zone,
     "in french|in spanish|in german|in italian|in japanese|in chinese|in hindi|in portuguese|in russian|in korean|"
     "in arabic|in latin|to french|to spanish|to german|to italian|to english|into english|into french|into spanish|"
     "into german|into hindi|into japanese|into chinese|into arabic|french for|spanish for|in france|if i were",
     {{{rewrite, 2.5F}, {math, 0.6F}}}},
    {zone,
     "this text|this sentence|this paragraph|this email|this article|this passage|this document|the following text|"
     "the following sentence|the following paragraph|the following article|the following email|the following passage|"
     "the text below|the text above|the article below|the message below|the paragraph below|below|the sentence|"
     "the paragraph|the following message|these notes|the conversation|the transcript|the review|diesen text|"
     "den folgenden text|diesen satz|folgende|folgenden|diese e mail|ce texte|cette phrase|le texte suivant|ce "
     "document|"
     "este texto|esta frase|este correo|el siguiente|este articulo|以下|下面|下列|这段|इस पाठ|इस वाक्य|नीचे|निम्नलिखित",
     {{{rewrite, 2.2F}, {extract, 1.6F}, {summarize, 1.2F}, {classify, 0.9F}}}},
};

}  // namespace

std::span<const Cue> text_work_cues() { return cues; }

}  // namespace triaged::routing
