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
     "总结|概括|归纳|摘要|概述|请总结|सारांश|संक्षेप|"
     "catch me up|what did i miss|what are they saying|what was decided|fass mal|fassen wir|kurzfassung|"
     "zusammenfassung|dampf|kurz und knapp|worum geht|resume en|resume ca|resume ces|resume l|resume nous|"
     "synthese|fais moi la synthese|fais une synthese|en bref|de quoi parle|de quoi il s agit|resumelo|"
     "hazme .. resumen|un resumen|sintesis|de que va|de que trata|ponme al dia|提炼|浓缩|缩成|梳理|捋|划重点|"
     "小结|讲了什么|讲了啥|说了什么|说了啥|概括一下|用一句话|一句话概括|简述|太长不看|省流|सार|निचोड़|संक्षिप्त|"
     "समेट|saar|saransh|nichod|sankshep|short me|summary",
     {{{summarize, 5.4F}}}},
    {zone,
     "summary|summarize|summarise|summaries|gist|takeaways|in a nutshell|key points|main points|main idea|tldr|tl dr|"
     "most important points|key risks|zusammenfassung|zusammenfassen|wichtigsten punkte|kernpunkte|kernaussagen|"
     "kernaussage|points cles|idees principales|points essentiels|resumen|puntos clave|ideas principales|"
     "puntos principales|总结|概括|摘要|要点|归纳|主要内容|核心内容|सारांश|मुख्य बिंदु|संक्षेप में|"
     "short version|the upshot|bottom line|long story short|in short|in brief|in one sentence|in two sentences|"
     "in three sentences|in a sentence|one liner|quick version|what did i miss|digest|recap|kurzfassung|"
     "in einem satz|in zwei satzen|in drei satzen|stichpunkte|stichpunkten|stichworten|das wichtigste|fazit|"
     "im kern|knapp|synthese|en une phrase|en deux phrases|en trois phrases|en quelques lignes|en deux lignes|"
     "l essentiel|a retenir|grandes lignes|en gros|en una frase|en dos frases|en dos lineas|en pocas palabras|"
     "lo esencial|lo mas importante|idea principal|sintesis|en resumen|en corto|大意|一句话|两句话|三句话|"
     "几句话|简要|小结|梗概|重点|省流|浓缩|提炼|讲了什么|讲了啥|说了什么|说了啥|主旨|中心思想|纪要|概述|结论|"
     "सार|निचोड़|मुख्य बात|मुख्य बातें|संक्षिप्त|एक वाक्य|दो वाक्य|एक पंक्ति|दो पंक्तियों|बिंदुओं|saar|saransh|nichod|sankshep|"
     "short me|ek line|do line|teen line|kya decide|kya final",
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
     "lista todos|lista todas|提取|抽取|找出|列出文中|摘出|将 .. 提取出来|निकालो|निकालें|निकालिए|"
     "list out|copy out|note down|write down|grab the|grab all|give me just|give me only|just the|only the|"
     "fill in|fill out|name all|name every|which of these|zieh .. raus|zieh .. heraus|hol .. raus|such .. raus|"
     "suche .. heraus|schreib .. raus|schreibe .. heraus|liste .. auf|notiere|entnimm|filtere|gib mir nur|"
     "nur die|welche .. stehen|sors|sortez|recupere|dresse|repere|note les|donne moi juste|donne moi seulement|"
     "mets moi juste|remplis|isole|identifie|sacame|extraeme|dime solo|dame solo|enumera|identifica|apunta|"
     "recopila|localiza|solo los|solo las|quiero solo|haz una tabla|pasa a tabla|挑出|挑一下|抠|摘录|摘抄|"
     "摘一下|列出|列一下|拎出来|标出|圈出|整理成|做成表格|转成 json|读取|获取|筛选|筛出|识别出|抄下来|只要|"
     "छाँटकर|चुनकर|सूची बना|सूची बनाओ|अलग लिखो|nikaal|nikal|nikalo|nikaalo|list bana|list banao|alag kar|chun ke",
     {{{extract, 4.1F}}}},
    {zone,
     "named entities|entities|mentioned in|mentioned above|json schema|into a table|as a table|in a table|as json|"
     "email addresses|email address|phone numbers|action items|line items|invoice number|extract|extracted|"
     "key dates|monetary amounts|names of people|job titles|pos tags|dependency parsing|from the text|from this "
     "text|from the following|from the passage|from the email|the fields|key value|"
     "genannten|erwahnten|aus dem text|als json|tabelle mit|e mail adressen|telefonnummern|"
     "mentionnes|mentionnees|du texte|au format json|en json|adresses e mail|courriel|"
     "mencionados|mencionadas|del texto|de este anuncio|correos electronicos|"
     "提取|抽取|提取出|找出|关键词|文段中|文本中|उल्लेखित|निकालो|निकालें|जेसन|"
     "mentioned|who said|which ones|comma separated|one per line|as a list|in a list|fields|csv|heraus|"
     "rausziehen|rausholen|aus der mail|stehen im text|im text|vorkommen|untereinander|als tabelle|als liste|"
     "aufgelistet|dans ce texte|dans le texte|cites|citees|du mail|de ce mail|sous forme de tableau|en tableau|"
     "juste les|seulement les|uniquement les|figurent|del mensaje|del correo|de este texto|de este correo|"
     "en una tabla|en tabla|solo los|solo las|que aparecen|aparecen|citados|saca|提到的|提到|出现的|文中|文里|"
     "里面的|字段|表格|单独列|列成|列出来|挑出来|摘出来|抄出来|拎出来|一行一个|逐条|原文|挑出|में से|isme se|"
     "is me se|neeche se|nikal|nikaal|nikalo|सूची|तालिका|list bana|अलग लिख|छाँट|आए हैं|likha hai",
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
     "分类|归类|将以下 .. 分类|वर्गीकृत|वर्गीकरण|"
     "sort these|bucket|group these|mark each|tag each|label each|tag|rank these|grade|score|pick one|"
     "choose one|route|sortiere|sortier|teile .. ein|vergib|stufe|markiere|kategorisier|ordne jede|ordne jeden|"
     "range|trie|triez|indique si|attribue|etiquette|classe les|note|clasificame|separa|agrupa|indica si|di si|"
     "dime si|marca|ponle|valora|clasificalo|归到|归入|归为|归个类|分到|分成|分个类|分为|打标|打标签|标注|"
     "贴标签|评级|定级|分级|分诊|识别|打个标签|选一个|标上|给 .. 分类|把 .. 归类|बाँटो|बाँटिए|वर्ग|पहचानो|पहचानिए|"
     "टैग|tag karo|tag lagao|category batao|label karo|pehchano|batao ye",
     {{{classify, 4.5F}}}},
    {lead,
     "determine whether|determine if|decide whether|decide if|tell if|tell me if|tell me whether|detect if|detect "
     "whether|"
     "identify whether|identify if|is this|is the following|does the following|does the .. support|is it spam|is this "
     "review|"
     "is this email|judge whether|verify whether|check whether|say whether|fact checking|are the following|"
     "ist das|ist diese|ist dieser|bestimme ob|entscheide ob|est ce un|est ce que ce|determine si|dis si|"
     "es spam|es este|determina si|decide si|判断|请判断|这是|क्या यह|बताओ कि क्या|"
     "is the below|are these|would you call|would you say this|handelt es sich|ist folgende|"
     "richtig oder falsch|wahr oder falsch|ist der folgende|vrai ou faux|ce mail est|cet avis est|"
     "ce message est|s agit il|est ce une|verdadero o falso|este mensaje es|este correo es|es una|算不算|这条|"
     "这句|该评论|这个算|下列哪些|下面哪些|哪些是|ye spam|kya ye|kya yeh|सही या गलत|यह टिप्पणी|यह वाक्य|"
     "ye review|ye message",
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
     "分类|类别|情感|积极|消极|正面|负面|属于哪|属于|垃圾邮件|判断|स्पैम|सकारात्मक|नकारात्मक|श्रेणी|हाँ या नहीं|"
     "positive neutral|neutral|complaint|compliment|praise|urgent|severity|priority|high medium|low medium|"
     "medium or low|pass fail|pass or fail|just the number|only the number|one word|tags|include or exclude|"
     "in or out|p1|p2|lob|beschwerde|kritik|dringend|dringlichkeit|prioritat|nur die zahl|nur ein wort|"
     "nur das wort|ja oder nein|ja nein|hoch mittel|richtig oder falsch|welches ressort|welche abteilung|"
     "oui ou non|vrai ou faux|urgence|priorite|neutre|mitige|reclamation|juste un mot|en un mot|positif|"
     "negatif|si no|si o no|queja|urgencia|prioridad|neutro|mixto|verdadero o falso|solo el numero|"
     "solo la palabra|hecho u opinion|positivo|negativo|好评|差评|中评|褒义|贬义|哪一类|哪类|标签|等级|级别|"
     "优先级|紧急|是或否|选一个|违规|广告|意图|情绪|分级|归类|投诉|咨询|只答|只回|只写|归到|对错|轻重|शिकायत|"
     "सही या गलत|हाँ या ना|हाँ ना|टैग|भाव|किस श्रेणी|एक शब्द|haan ya na|haan na|ek word|ek shabd|positive|negative|"
     "fraud",
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
     "como se dice|翻译 .. 翻译|将 .. 翻译|改写|重写|润色|修改|把下面|重述|将其简化|纠正|校对|编辑|改为|"
     "अनुवाद|सुधारो|सुधारें|फिर से लिखो|दोबारा लिखो|बदलो|"
     "shorten|soften|reformat|tighten|trim|expand|make .. sound|make .. shorter|make .. more|make .. less|"
     "put .. in|say this|spell check|fix this sentence|translation|mach .. formeller|mach .. freundlicher|"
     "mach .. kurzer|schreib .. neu|formulier .. um|formuliere .. um|verbesser|korrigier|ubersetzt|"
     "ubersetzen sie|setz .. in|schreib .. in|mach daraus|kurz mir|vereinfache den|rends|raccourcis|allonge|"
     "adoucis|transforme|remplace|mets .. au|mets .. en|passe .. au|tourne|traduction|simplifie ce|"
     "verifie l orthographe|ponlo|pon esto|hazlo|dilo|acorta|acortalo|alarga|suaviza|corrigeme|convierte|"
     "cambia .. por|pasalo|pasa .. a|traduccion|haz .. mas|改成|换成|改一下|改得|换个说法|换一种说法|换种|说得|"
     "说人话|精简|缩短|扩写|缩写|仿写|转成|翻成|译成|用英语说|用英文说|改错|去掉|委婉|简化|写得更|降重|翻一下|"
     "译一下|帮我改|帮我润|转换成|सुधार|ठीक करो|ठीक कर|शुद्ध|बदलकर|छोटा करो|translate karo|theek kar|theek karo|"
     "sudhar|sudharo|correct karo|isko english|ise english|isko hindi|ise hindi",
     {{{rewrite, 5.2F}}}},
    {zone,
     "translate|translated|translation|translating|rewrite|rewritten|rephrase|paraphrase|grammar|typos|spelling "
     "mistakes|"
     "proofread|more formal|more polite|more concise|more casual|more professional|formal tone|casual tone|"
     "professional tone|wording|reword|plain english|grade level|active voice|passive voice|in your own words|"
     "ins englische|ins deutsche|ins franzosische|ins spanische|auf englisch|hoflicher|formeller|grammatik|"
     "rechtschreibung|en anglais|en francais|en espagnol|en allemand|plus polie|plus formel|les fautes|orthographe|"
     "al ingles|al espanol|al frances|al aleman|tono mas formal|mas formal|gramatica|ortografia|"
     "翻译成|翻译|译成|译为|语法错误|改写|润色|改成|改为|更正式|同义|替换|अनुवाद|अंग्रेज़ी में|हिंदी में|विनम्र|व्याकरण|"
     "shorter|friendlier|politer|nicer|less formal|softer|sound less|sound more|sounds too|rude|plain words|"
     "typo|spelling|punctuation|past tense|third person|too long|reads better|native speaker|formlich|lockerer|"
     "freundlicher|netter|kurzer|klingt|rechtschreibfehler|fehler raus|sachlicher|diplomatischer|auf deutsch|"
     "auf franzosisch|auf spanisch|ubersetzung|umgangssprachlich|leichter sprache|verstandlicher|plus court|"
     "plus poli|plus pro|plus doux|plus simple|ton|fautes|au passe|au futur|au feminin|au pluriel|en arabe|"
     "en italien|traduction|vouvoiement|tournure|moins sec|mieux dit|mas corto|mas educado|mas amable|tono|"
     "suena|faltas|errores|mas serio|mas profesional|al catalan|traduccion|de usted|en ingles|mas bonito|"
     "mas suave|语气|委婉|口语|书面|通顺|错别字|标点|病句|语病|简体|繁体|翻成|译|日文|粤语|文言文|白话|"
     "换个说法|说法|精简|客气|礼貌|地道|大白话|扩写|缩句|降重|正式|润|改得|शुद्ध|वर्तनी|सरल भाषा|लहजा|english me|"
     "hindi me|english mein|hindi mein|मराठी में|उर्दू में|देवनागरी|roman me|formal|professional|polite|अंग्रेजी में|"
     "हिन्दी में|शब्दों में",
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
