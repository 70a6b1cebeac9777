#include "routing/cues.hpp"

namespace triaged::routing {

namespace {

using enum TaskType;
using enum Where;

// Weights: fitted to labelled prompts from priors set by hand, see docs/routing.md.
constexpr Cue cues[] = {
    // Writing: forms.
    {zone,
     "poem|poems|poetry|haiku|sonnet|limerick|short story|short stories|stories|story|fairy "
     "tale|fable|novel|fiction|fan fiction|"
     "fanfiction|fanfic|lyrics|song|rap|verse|verses|screenplay|scene|monologue|dialogue|essay|blog "
     "post|blog|article|tweet|"
     "tweets|speech|slogan|slogans|tagline|taglines|caption|captions|newsletter|press release|product description|"
     "cover letter|advertisement|ad copy|linkedin post|instagram|toast|eulogy|joke|jokes|pun|character|characters|plot|"
     "chapter|narrator|obituary|horror|romance|comedy|parody|satire|podcast script|movie script|video script|youtube "
     "script|"
     "wedding|backstory|villain|worldbuilding|resignation letter|recommendation letter|"
     "gedicht|geschichte|marchen|aufsatz|blogbeitrag|rede|slogans|stellenanzeige|liedtext|kurzgeschichte|namensideen|"
     "poeme|histoire|conte|recit|lettre de motivation|article de blog|discours|chanson|nouvelle|"
     "poema|cuento|historia|carta de presentacion|discurso|cancion|ensayo|relato|"
     "诗|故事|小说|作文|散文|文案|歌词|剧本|对联|演讲稿|求职信|广告|童话|文章|论文|小红书|标题|撰写|"
     "कविता|कहानी|निबंध|पत्र|भाषण|गीत|चुटकुला|"
     "birthday wishes|wedding vows|dating profile|product listing|job ad|out of office|spruch|einladung|"
     "kundigungsschreiben|trauerrede|absage|comptine|faire part|eslogan|felicitacion|invitacion|anuncio|祝福|"
     "祝福语|朋友圈|悼词|致辞|发言稿|检讨|情书|请假条|推文|简介|寄语|网名|贺词|संदेश|शायरी|निमंत्रण|आवेदन|shayari|"
     "kavita|invitation|बधाई|लेख",
     {{{writing, 2.4F}}}},
    {zone,
     "email|letter|post|script|title|titles|headline|headlines|invitation|announcement|review|message|introduction|bio|"
     "description|names|ideas|creative|style of|first person|tone|paragraph|outline|report|proposal|copy|draft|quotes|"
     "topics|prompt|prompts|survey|interview question|questions|newsletter intro|words long|word|words|"
     "e mail|brief|namen|ideen|beitrag|lettre|idees|titre|noms|carta|ideas|titulo|nombres|"
     "邮件|名字|创意|想法|介绍|评论|报告|ईमेल|विचार|नाम|आवेदन",
     {{{writing, 1.4F}, {extract, 1.2F}, {rewrite, 0.6F}}}},
    {lead,
     "write|compose|draft|craft|author|pen|invent|come up with|make up|brainstorm|continue the story|finish the story|"
     "give me ideas|give me .. ideas|give me .. names|give .. names|tell me a story|tell me a joke|tell a story|tell a "
     "joke|"
     "reply to|respond to|write me|ghostwrite|turn down|lyrics|a script|a long script|poem|story|"
     "schreibe|schreib|schreiben sie|verfasse|verfassen|entwirf|erzahl|erzahle|gib mir .. ideen|gib mir .. "
     "namensideen|dichte|"
     "ecris|ecrivez|redige|redigez|compose|raconte|racontez|invente|donne moi des idees|"
     "escribe|escriba|redacta|redacte|cuentame|compon|inventa|dame ideas|escreva|scrivi|napisz|напиши|придумай|сочини|"
     "расскажи|viet|hay viet|lam mot bai tho|書いて|"
     "写|写一|写出|撰写|创作|编写一个故事|编写一篇|请写|请你写|给我讲|起名|想一个|续写|为 .. 写|头脑风暴|"
     "लिखो|लिखें|लिखिए|सुनाओ|रचना|"
     "come up with .. name|text to|message to|note to|an email to|caption for|a toast|mail an|text fur|spruch|"
     "einladung|absage an|aushang|kurze nachricht|un message|un mot|legende|mail a|une annonce|une lettre|"
     "un mensaje|texto para|mensaje para|nota para|felicitacion|carta para|编|编一个|写个|写条|写段|写封|写首|"
     "来一段|来一首|来段|起个|起一个|拟|给 .. 写|帮我回复|लिख दो|बना दो|likh do|likho|likhna hai|bana do|"
     "shayari|caption|application",
     {{{writing, 2.6F}, {code, 0.3F}}}},
    {lead,
     "create|generate|suggest|describe a|describe the scene|prepare|design|list five|list "
     "ten|structure|develop|produce|make|"
     "imagine|simulate|adapt|based on|crea|erstelle|cree|genere|genera|gib mir|donne "
     "moi|dame|生成|设计|制作|编写|构想|想象|"
     "为以下|基于|提供|请提供|列举|推荐|请推荐|为我推荐|描绘|作成して|बनाओ",
     {{{writing, 2.3F}, {analysis, 0.8F}, {code, 0.6F}}}},
    {lead,
     "imagine you|imagine youre|imagine you re|pretend|pretend you|act as|act like|you are a|you are an|you re a|youre "
     "a|you are the|role play|"
     "roleplay|as a|as an|take on the role|play the role|you play|you ve been|youve been|i want you to act|"
     "from now on you are|picture yourself|embody|put yourself|speak as|stell dir vor|tu so als|du bist ein|"
     "imagine que|tu es un|fais comme si|imagina que|eres un|actua como|想象|假设你是|你是一位|你是一名|扮演|"
     "कल्पना करो|मान लो तुम",
     {{{writing, 2.9F}, {code, 1.2F}, {qa, -0.6F}}}},
    {zone,
     "imagine you|you are a|you are an|your life|your experience|how would you|introduce yourself|describe your|your "
     "world|"
     "your character|fantasy|medieval|detective|time "
     "traveler|pirate|wizard|alien|spaceship|kingdom|dragon|magic|magical|"
     "adventure|vampire|superhero|captain|explorer|explaining "
     "why|persuasive|catchy|funny|compelling|captivating|heartfelt|"
     "engaging",
     {{{writing, 1.9F}, {code, 1.1F}}}},
    {zone,
     "write|generate|create|make up|compose|brainstorm|头脑风暴|生成|写|创作|लिखो",
     {{{writing, 0.8F}, {code, 0.7F}}}},

    // Questions.
    {lead,
     "what|what is|what are|whats|what s|who|whos|whom|whose|when|whens|where|wheres|which|in what|in which|at what|on "
     "what|"
     "from which|for how|was|wer|wann|wo|wohin|welche|welcher|welches|woher|"
     "qu est ce|que|quel|quelle|quels|quelles|qui|quand|ou|a quelle|"
     "que es|cual|cuales|quien|quienes|cuando|donde|a que|en que|"
     "什么|谁|哪|何时|请问|请回答|回答|क्या|कौन|कब|कहाँ|किसने|किस",
     {{{qa, 2.1F}, {analysis, 1.0F}, {chat, 1.0F}}}},
    {lead,
     "why|how|hows|how is|how are|how does|how do|how do i|how do you|how long|how far|how often|how old|how tall|how "
     "big|"
     "warum|wie|wieso|weshalb|wie lange|pourquoi|comment|por que|como|为什么|如何|怎么|怎样|क्यों|कैसे",
     {{{code, 1.5F}, {qa, 1.1F}}}},
    {lead,
     "can i|can you tell|do i|does|is|are|is it|is there|are there|do|did|has|have|will|could|should|would|was|were|"
     "kann ich|ist|sind|gibt es|hat|haben|est ce que|est ce|y a t il|peut on|puis je|es|son|hay|puedo|se "
     "puede|是否|क्या",
     {{{writing, -1.4F}, {qa, 1.0F}, {chat, -0.2F}}}},
    {lead,
     "explain|define|describe|tell me|tell me about|tell me what|tell me the|list|name|give me|give an example|show me|"
     "answer|answer the following|answer the question|according to|based on|use the context|i need to know|id like to "
     "know|"
     "i d like to know|i want to know|do you know|find out|let me know|suggest some|give some|what does .. mean|look "
     "up|"
     "i was wondering|please tell|recommend a|rank|"
     "erklare|erklar|erklaren sie|definiere|beschreibe|nenne|sag mir|"
     "explique|expliquez|definis|decris|cite|dis moi|explica|define|describe|dime|nombra|"
     "解释|介绍|描述|说明|回答以下|回答下列|根据|列举|请描述|请介绍|推荐|समझाओ|समझाइए|बताओ|बताइए|वर्णन",
     {{{qa, 1.1F}, {writing, 0.8F}}}},
    {zone,
     "the question|the passage|the context|the following question|meaning of|definition of|define|mean|means|stand for|"
     "capital of|located|invented|born|died|released|written by|author of|starred|plays|played|episode|season|"
     "season of|world cup|super bowl|president of|king of|population|country|state|movie|film|song|sings|sang|actor|"
     "opening hours|the purpose of|recipe|ingredients|calories|how many calories|vaccines|visa|exchange rate|timezone|"
     "credit score|tire|tires|oil change|multiple choice|"
     "hauptstadt|bedeutet|offnungszeiten|capitale|signifie|horaires|significa|horario|"
     "是什么|意思|定义|首都|问题|राजधानी|मतलब|अर्थ",
     {{{qa, 1.6F}}}},
    {zone,
     "my card|my account|account|transfer|payment|refund|top up|top ups|charged|fee|fees|cash withdrawal|atm|identity|"
     "my money|declined|pending|passcode|pin|statement|direct debit|currencies|exchange|card payment|still hasnt|"
     "why has|why was|why is my|how do i|where is my|can you help me|what do i do|how long does|do you support|"
     "my order|delivery|subscription|warranty|return policy|shipping",
     {{{qa, 1.8F}, {chat, -0.9F}, {classify, 0.6F}}}},

    // Small talk, and questions about the machine itself.
    {whole,
     "hi|hello|hey|hey there|hi there|hello there|good morning|good afternoon|good evening|good night|morning|howdy|yo|"
     "whats up|what is up|sup|hows it going|how is it going|how are you|how are you doing|how are you today|"
     "how do you do|nice to meet you|thanks|thank you|thank you so much|thank you very much|thanks a lot|thx|cheers|"
     "much appreciated|i appreciate it|great thanks|ok thanks|okay|ok|cool|nice|great|awesome|perfect|got "
     "it|lol|haha|wow|"
     "bye|goodbye|see you|see you later|talk to you later|take care|have a nice day|have a good day|that will be all|"
     "yes|no|maybe|sure|never mind|nevermind|sorry|im bored|i m bored|im sad|i m sad|im tired|im lonely|i m lonely|"
     "im lonely today|im happy|i love you|you are funny|you are smart|tell me about yourself|are you "
     "there|test|testing|"
     "hallo|guten tag|guten morgen|guten abend|gute nacht|servus|moin|danke|vielen dank|danke schon|tschuss|"
     "auf wiedersehen|wie geht es dir|hallo wie geht es dir|wie geht es ihnen|wie gehts|mir ist langweilig|bis spater|"
     "bonjour|bonsoir|salut|coucou|bonne nuit|bonne journee|merci|merci beaucoup|au revoir|a bientot|ca va|"
     "comment ca va|comment vas tu|je m ennuie|"
     "hola|buenos dias|buenas tardes|buenas noches|gracias|muchas gracias|adios|hasta luego|hasta pronto|que tal|"
     "como estas|hola como estas|estoy aburrido|estoy aburrida|"
     "你好|您好|早上好|晚上好|晚安|谢谢|谢谢你|多谢|再见|拜拜|你好吗|我好无聊|在吗|哈哈|"
     "नमस्ते|नमस्कार|धन्यवाद|शुक्रिया|शुभ रात्रि|शुभ प्रभात|आप कैसे हैं|अलविदा|मैं बोर हो रहा हूँ",
     {{{chat, 4.2F}}}},
    {lead,
     "hi|hello|hey|thanks|thank you|good morning|good evening|good afternoon|good night|bye|goodbye|see you|take care|"
     "hallo|danke|tschuss|guten morgen|guten tag|bonjour|salut|merci|au revoir|hola|gracias|adios|buenos dias|"
     "你好|谢谢|再见|早上好|नमस्ते|धन्यवाद|शुक्रिया|"
     "ugh|lol|haha|omg|aww|yay|wow|guess what|moin|na|servus|oh mann|coucou|mdr|pfff|bonsoir|buenas|ay|jaja|早|"
     "早安|晚安|哈哈|唉|哎|嗨|hello bhai|namaste|arre|कैसे हो|क्या हाल|kaise ho|kya haal",
     {{{chat, 2.1F}}}},
    {zone,
     "your name|your names|call you|are you a|are you an|are you human|are you real|are you a bot|are you a robot|who "
     "made you|"
     "who created you|who built you|who programmed you|who designed you|who are you|what are you|how old are you|your "
     "age|"
     "your birthday|where are you from|where were you born|you were born|you come from|do you have|you have any|have "
     "pets|"
     "your hobbies|your favorite|your boss|you work for|do you work|you like to do|do you like|do you love|do you feel|"
     "do you think|do you ever|do you eat|do you dream|can you feel|you feel|tell me about yourself|what can you do|"
     "what can i ask|ask you|help me with|meaning of life|purpose of life|your opinion on life|point of life|how are "
     "you|"
     "i love you|i hate you|i feel|speaking with|speaking to|talking to|you exist|you existed|you alive|you born|you "
     "answer to|"
     "you been alive|life mean|life s meaning|lifes meaning|meaning in life|introduce yourself|you capable|you able to "
     "do|"
     "your purpose|subjects can you|topics can you|kind of questions|kinds of things|existence|come to exist|"
     "wie heisst du|wer bist du|bist du ein|"
     "wie alt bist du|was kannst du|comment tu t appelles|qui es tu|tu es un robot|es tu|quel age as tu|"
     "como te llamas|quien eres|eres un|eres humano|tienes|te gusta|"
     "你是|你叫|你多大|你喜欢|你的|你有|你会|你能|आपका नाम|आप कौन|तुम कौन|आप रोबोट|क्या आप",
     {{{chat, 3.0F}, {qa, -0.5F}, {math, 0.4F}}}},
    {zone,
     "you are|youre|you re|are you|will you|did you|have you|do you|you|yourself|your",
     {{{chat, 2.5F}, {qa, -0.8F}, {writing, 0.5F}}}},
    {zone,
     "i am sad|i feel sad|until next time|i am bored|feeling "
     "down|lonely|depressed|happy|angry|embarrassed|jealous|ashamed|emotion|"
     "emotions|robot|bot|ai|computer|love|hate|friends|pets|hobby|hobbies|bored|appreciate|appreciated|helpful|"
     "later|chat with|talk to me|cheer me up|"
     "lol|haha|hahaha|ugh|yay|wish me luck|guess what|cant sleep|tired|miss you|proud of me|mude|langweilig|"
     "traurig|freu mich|danke dir|na du|einsam|oh mann|mdr|triste|la flemme|je m ennuie|content|contente|"
     "fatigue|coucou|jaja|jajaja|me aburro|que sueno|contento|contenta|cansado|cansada|哈哈|哈哈哈|嘿嘿|唉|"
     "呜呜|好累|好烦|开心|无聊|难过|想哭|陪我|聊聊|聊天|心情|晚安|失眠|यार|थक|उदास|मज़ा|बोर|दिल|yaar|bore|udaas|"
     "mood|maza|thak",
     {{{chat, 2.0F}, {writing, 0.7F}, {qa, -0.5F}}}},

    // Doing things with tools: counts only where tools are offered.
    {lead,
     "book|schedule|set|set an|set a|set up|play|turn|turn on|turn off|turn up|order|cancel|remind "
     "me|remind|send|delete|"
     "remove|add|search|search the web|look up|call|restart|deploy|commit|upload|download|update|open|close|reserve|"
     "transfer|pay|move|get|get the|fetch|check|check the|find|find me|show|show me|run|execute|create|make|i need|i "
     "want|"
     "id like|i d like|i would like|can you|could you|please|put|start|stop|pause|skip|text|email|message|post|what is "
     "the|"
     "whats the|i need to|help me|change|increase|decrease|connect|sync|track|freeze|block|report|"
     "buche|stelle|spiele|schalte|bestelle|sende|losche|suche|erinnere|"
     "reserve|mets|joue|allume|commande|envoie|supprime|cherche|rappelle|"
     "reserva|pon|reproduce|enciende|pide|envia|borra|busca|recuerdame|"
     "预订|设置|播放|打开|关闭|订|发送|删除|搜索|查询|提醒|बुक|सेट|चलाओ|भेजो|खोजो|याद दिला|"
     "water|mute|unmute|dim|forward|reply to|go through|go to|log in|print|rename|ask|tell|grab|push|clone|"
     "unsubscribe|reschedule|clear|empty|pull up|mach .. an|mach .. aus|schick|schicke|ruf|stell|trag|"
     "verschieb|verschiebe|buch|bestell|leg|pruf|prufe|schalt|weck|dreh|offne|starte|lade|reservier|reserviere|"
     "spiel|such|schau|lies|setz|kundige|appelle|baisse|monte|eteins|lance|annule|decale|programme|ouvre|ferme|"
     "trouve|telecharge|transfere|paie|vire|ajoute|imprime|previens|regarde|verifie|coupe|apaga|sube|baja|"
     "manda|llama|cancela|abre|cierra|entra|mira|compra|reenvia|anade|quita|descarga|avisa|pausa|paga|metete|"
     "ponme|saca|revisa|放|放一首|调|调到|关|关掉|关灯|开|打车|叫|叫个|约|查|查一下|看看|看一下|发|发给|导航|"
     "预约|取消|下单|点|点一份|转|转给|登录|下载|上传|静音|播|定|删|同步|去|给|把|买|改到|推迟|चला दो|बंद कर|"
     "बंद करो|लगाओ|लगा दो|भेज दो|मँगवा|कैंसिल|ऑर्डर|देखो|खोलो|जोड़ दो|फोन|laga|laga do|bhej|bhej do|bhejo|band kar|"
     "band karo|chalu|chala|book kar|cancel kar|order kar|mangwa|yaad dila|recharge",
     {{{agent, 2.3F}, {writing, -0.9F}, {chat, -0.7F}}}},
    {zone,
     "reservation|flight|flights|hotel|uber|ride|weather|forecast|alarm|timer|reminder|calendar|meeting|appointment|"
     "playlist|"
     "lights|volume|thermostat|to do list|shopping "
     "list|ticket|tickets|branch|staging|server|folder|file|files|directory|"
     "stock price|database|then|after that|next week|tomorrow|at .. pm|at .. am|using the api|"
     "inbox|unread|contacts|voicemail|cart|checkout|status|slack|spreadsheet and|every friday|every morning|"
     "let me know when|and tell me|and email|kalender|erinnerung|termin|wecker|heizung|licht|agenda|reveil|"
     "rendez vous|chauffage|lumiere|calendario|cita|alarma|recordatorio|luz|persiana|日历|闹钟|空调|会议|短信|"
     "群里|邮箱|订单|外卖|高铁票|灯|音量|跟我说|告诉我|发我|टिकट|अलार्म|कैलेंडर|रिमाइंडर|मीटिंग|recharge|photo|"
     "whatsapp pe|bata dena",
     {{{agent, 2.3F}, {qa, -1.2F}, {code, 0.9F}}}},
};

constexpr SignalCue signals[] = {
    {Signal::always,
     {{{summarize, -2.0F},
       {extract, -2.0F},
       {agent, -1.8F},
       {classify, -1.7F},
       {chat, -1.7F},
       {analysis, -1.6F},
       {rewrite, -1.4F},
       {qa, 1.0F},
       {code, -0.9F},
       {writing, 0.5F},
       {math, -0.4F}}}},
    {Signal::code_fence, {{{code, 1.8F}}}},
    {Signal::code_first, {{{code, 2.4F}}}},
    {Signal::code_density, {{{code, 2.0F}, {writing, -0.9F}}}},
    {Signal::math_density, {{{math, 2.9F}, {code, 0.5F}}}},
    {Signal::table, {{{extract, 0.8F}, {analysis, 0.5F}, {math, -0.4F}}}},
    {Signal::ends_with_question, {{{math, 0.8F}, {chat, -0.8F}, {writing, -0.4F}}}},
    {Signal::two_words, {{{chat, 1.7F}}}},
    {Signal::eight_words, {{{chat, 3.1F}, {qa, 0.9F}}}},
    {Signal::sixty_words, {{{qa, -1.7F}, {chat, -1.4F}, {code, 0.6F}, {math, 0.3F}}}},
    {Signal::many_words, {{{chat, -1.5F}, {summarize, -0.1F}}}},
    {Signal::numbers, {{{math, 1.7F}}}},
    {Signal::number_share, {{{math, 2.0F}, {chat, -1.7F}}}},
    {Signal::document, {{{summarize, 1.3F}, {chat, -1.2F}, {extract, 1.0F}, {classify, 1.0F}}}},
    {Signal::options, {{{math, 2.7F}}}},
    {Signal::json_output, {{{extract, 1.2F}, {classify, 0.6F}}}},
    {Signal::media, {{{qa, 0.8F}, {extract, 0.8F}, {analysis, 0.6F}, {summarize, 0.4F}}}},
    {Signal::no_text, {{{chat, 1.0F}}}},
    {Signal::tools_offered, {{{agent, 3.7F}}}},
    {Signal::tools_used, {{{agent, 5.0F}}}},
    {Signal::tool_forced, {{{agent, 2.0F}}}},
};
static_assert(std::size(signals) == signal_count);

}  // namespace

std::span<const Cue> open_ended_cues() { return cues; }

std::span<const SignalCue> signal_cues() { return signals; }

}  // namespace triaged::routing
