#include "routing/cues.hpp"

namespace triaged::routing {

namespace {

using enum TaskType;
using enum Where;

// Weights: fitted to labelled prompts from priors set by hand, see docs/routing.md.
constexpr Cue cues[] = {
    // Code: languages, frameworks and tools by name.
    {zone,
     "python|javascript|typescript|java|c++|c#|cpp|golang|rust|kotlin|swift|ruby|php|perl|scala|haskell|lua|matlab|"
     "sql|mysql|postgres|postgresql|sqlite|mongodb|html|css|regex|regular expression|bash|powershell|shell script|zig|"
     "react|angular|vue|django|flask|fastapi|spring|laravel|node js|nodejs|express js|next js|jquery|pandas|numpy|"
     "dataframe|dataframes|tensorflow|pytorch|docker|dockerfile|kubernetes|terraform|ansible|git|github|npm|webpack|"
     "linux|ubuntu|nginx|apache|aws lambda|json file|xml|yaml|rest api|graphql|unity|arduino|vba|latex|makefile|cmake|"
     "async|await|beautifulsoup|selenium|playwright|matplotlib|visual studio|excel formula|google sheets|stdin|stdout|"
     "wireshark|snmp|ffmpeg|redis|kafka|spark|airflow|opengl|blender|assembly|verilog|vhdl|"
     "पायथन|पाइथन|编程|代码|程序|函数|算法|脚本|数据库|正则表达式|код|программу|скрипт|コード|プログラム|코드|"
     "excel|vlookup|pivot table|macro|spreadsheet|wordpress|android studio|vscode|vs code|pip|conda|gradle|"
     "maven|cron|ssh|localhost|flutter|tailwind|useeffect|console log|stacktrace|github action|github actions|"
     "toml|websocket|oauth|iframe|regexp|pull request|sverweis|makro|google tabellen|tabellenblatt|tableur|"
     "formule excel|hoja de calculo|formula de excel|google sheet|报错|爬虫|正则|单元格|wps|宏|接口|前端|后端|"
     "小程序|编译|容器|端口|数组|循环|递归|线程|एक्सेल|जावास्क्रिप्ट|एचटीएमएल|कोडिंग",
     {{{code, 4.7F}, {math, 1.7F}, {qa, -0.6F}}}},
    // Code: the things it is made of.
    {zone,
     "function|functions|method|program|code|script|algorithm|class|api|endpoint|compiler|unit test|unit tests|"
     "data structure|linked list|binary tree|binary search|recursion|recursive|array|arrays|string|strings|dictionary|"
     "tuple|tuples|hash map|hashmap|integer|integers|boolean|loop|variable|query|database|command line|cli tool|"
     "source code|codebase|pull request|snippet|pseudocode|object "
     "oriented|queue|stack|sorted|sorts|parameter|parameters|"
     "webpage|website|web server|web page|app|server|software|backend|frontend|repository|module|library|"
     "funktion|programm|skript|klasse|abfrage|datenbank|fonction|programme|requete|classe|base de donnees|"
     "funcion|programa|consulta|clase|base de datos|codigo|फ़ंक्शन|फंक्शन|कोड|प्रोग्राम|डेटाबेस",
     {{{code, 2.9F}}}},
    {lead,
     "implement|debug|refactor|code|program|compile|fix the bug|fix this bug|fix .. code|fix the following code|"
     "fix the error|optimize|optimise|write .. function|write .. code|write .. program|write .. script|write .. class|"
     "write .. query|write unit tests|write tests|create .. function|create .. class|create .. script|create .. method|"
     "create .. program|design .. class|design .. function|develop .. function|develop .. program|develop .. class|"
     "develop .. method|build .. app|build .. website|create .. api|generate .. code|construct|edit .. code|modify .. "
     "code|"
     "review this code|explain what this|explain .. regex|review .. code|explain this code|what does this code|what is "
     "wrong with this code|"
     "why does this code|add .. to this code|convert this code|port this|"
     "implementiere|programmiere|debugge|schreibe .. funktion|schreib .. funktion|schreibe .. skript|schreib .. query|"
     "schreib .. sql|implemente|programme|ecris .. fonction|ecris .. script|ecris .. programme|"
     "implementa|programa|escribe .. funcion|escribe .. script|escribe .. programa|haz .. consulta|"
     "实现 .. 函数|实现 .. 算法|编写 .. 函数|编写 .. 程序|编写 .. 代码|用 python|complete the function|complete the "
     "code|写一个 .. 函数|写一个 .. 程序|写一段 .. 代码|编程|कोड लिखो|फ़ंक्शन लिखो",
     {{{code, 2.0F}}}},
    {lead,
     "how to convert|how to get|how to check|how to create|how to remove|how to find|how to use|how to sort|"
     "how to replace|how to split|how to read|how to write|how to set|how to print|how to add|how to delete|"
     "how to iterate|how to merge|how to parse|how to call|how to run|how to extract|how to make|how to insert|"
     "how to access|how to change|how to define|how to format|how to filter|how can i convert|how do i convert|"
     "how do i parse|how do i sort|how do i read|how do i create|convert|sorting|sort|iterate|reverse|split|parsing|"
     "converting|check if|accessing|removing|find|get|extracting|loop|select|format|print|reading|merge|append|"
     "concatenate|remove|replace|create|creating|comparing|plot|delete",
     {{{code, 2.2F}, {chat, -0.6F}, {math, 0.3F}}}},
    {zone,
     "error|exception|traceback|stack trace|undefined|segfault|segmentation "
     "fault|nullpointerexception|keyerror|typeerror|"
     "valueerror|syntaxerror|doesnt work|does not work|not working|bug|crashes|throws|warning|deprecated|"
     "connection refused|permission denied|timed out|cors|404|500|out of memory|borrow|fehler|fehlermeldung|erreur|"
     "报错|错误信息|异常|एरर|त्रुटि|"
     "geht nicht|funktioniert nicht|sturzt ab|marche pas|ne marche|plante|m affiche|no funciona|me da error|"
     "sale error|no me deja|崩溃|闪退|不显示|连不上|没反应|卡住|error aa|chal nahi|kaam nahi kar|नहीं चल|नहीं खुल|"
     "क्रैश",
     {{{code, 1.6F}, {math, 0.7F}}}},

    // Mathematics and puzzles.
    {lead,
     "solve|calculate|compute|find x|find the value|find the area|find the sum|find the roots|find the probability|"
     "find the smallest|find the largest|find the number|find the four|find the ratio|find the derivative|evaluate the|"
     "evaluate the integral|prove|prove that|proof|simplify|factor|differentiate|integrate|what fraction|what percent|"
     "what percentage|determine the value|determine the number|riddle|show that|derive|estimate|approximate|obtain|"
     "find all real|find all integers|find cos|find sin|find tan|find a formula|how would i calculate|"
     "what is the probability|convert .. to celsius|convert .. into inches|convert .. feet|convert the following "
     "measurement|"
     "berechne|lose|loese|beweise|vereinfache|leite|calcule|resous|resoudre|prouve|demontre|simplifie|"
     "calcula|resuelve|demuestra|simplifica|解方程|计算|证明|如何证明|解答|求解|реши|найди|найти|解いて|"
     "हल करो|गणना|सिद्ध",
     {{{math, 2.5F}}}},
    {lead,
     "how many|how much|wie viel|wie viele|combien|cuanto|cuantos|cuantas|कितना|कितने|कितनी|多少|有多少",
     {{{math, 2.9F}, {qa, 1.0F}}}},
    {lead,
     "let|suppose|given that|if|consider|assume|there are|a train|wenn|ein zug|si|un tren|un coche|已知|一共|如果|有一|"
     "यदि|अगर",
     {{{math, 1.4F}}}},
    {zone,
     "equation|equations|integral|derivative|probability|percent|percentage|sum of|product of|multiplied by|divided by|"
     "plus|minus|times|squared|cubed|square root|cube root|theorem|matrix|triangle|rectangle|angle|perimeter|radius|"
     "polynomial|remainder|divisible|modulo|prime|odd|even number|real numbers|integers such that|positive integers|"
     "fraction|ratio|arithmetic|logarithm|cos|sin|tan|theta|vector|eigenvalue|confidence interval|standard deviation|"
     "expected value|normal distribution|mean and|interest rate|compound interest|at .. interest|km h|mph|"
     "square feet|square meters|cubic|ounces|pounds|kilograms|centimeters|inches|celsius|fahrenheit|liters|gallons|"
     "foot|feet|meter|meters|metres|ounce|inch|kilometers|miles|kilogram|gram|grams|pint|pints|quarts|pound|"
     "measurement|"
     "conversion|cups|cup|tablespoons|teaspoons|teaspoon|multiply|divide|subtract|times table|math problem|word "
     "problem|calculation|mathematical|calculus|geometry|algebra|"
     "gleichung|prozent|wahrscheinlichkeit|quadratwurzel|equation|pour cent|probabilite|ecuacion|por "
     "ciento|probabilidad|"
     "方程|百分之|多少倍|面积|概率|平方|几何|乘以|除以|等于|समीकरण|प्रतिशत|प्रायिकता|को हल|"
     "tip|vat|tax rate|per cent|square metres|sq ft|average of|how long until|mwst|zinsen|quadratmeter|flache|"
     "umfang|volumen|bruch|stundenlohn|tva|taux|aire|perimetre|moyenne|iva|interes|area|perimetro|promedio|"
     "media de|打折|利率|周长|体积|半径|平均|求|斤|折后|元|ब्याज|क्षेत्रफल|औसत|लाभ|ज्ञात|byaj|gst|emi|kitna hoga|"
     "kitne honge",
     {{{math, 2.5F}, {code, 0.8F}}}},
    {any,
     "altogether|in total|in all|left over|how many .. left|how much .. left|remaining|per hour|per day|per week|each "
     "day|"
     "each week|every day|twice as many|half as many|times as many|times as much|how much money|how much did|how much "
     "does|"
     "how much will|how many .. did|how many .. does|how many .. will|how many more|how many total|how long will it "
     "take|"
     "total cost|total number|average|dozen|a third of|half of|a quarter of|more than|fewer "
     "than|gave|bought|sells|sold|"
     "earns|costs|spent|一共|剩下|还剩|每天|每小时|平均|多少",
     {{{math, 1.8F}}}},
    {any,
     "true or false|valid or invalid|is the statement|tells the truth|lies|logically|premises|deductively|"
     "the following paragraphs each describe|sort the following words|at the start|facing|left of|right of|"
     "which statement|which of the following is|who finished|the oldest|the newest|today is|yesterday|"
     "swap|swaps|trade|how many objects|what color|complete the rest of the sequence|parentheses|is plausible|"
     "antecedent|ambiguous|which sentence has the correct|humorous edit|translation from german|find a movie similar",
     {{{math, 3.3F}, {classify, 0.3F}}}},
    {zone,
     "step by step|show your work|show the calculation|solution|exercise|puzzle|schritt fur schritt|etape par etape|"
     "paso a paso|步骤|逐步",
     {{{math, 2.0F}, {analysis, 0.6F}, {code, 0.4F}}}},

    // Analysis, planning, judgement.
    {lead,
     "analyze|analyse|compare|contrast|evaluate|assess|critique|critically|examine|investigate|weigh|review the|"
     "what are the pros|pros and cons|what are the advantages|what are the benefits and|what are the trade|"
     "what are the risks|what are the implications|should we|should i|should our|identify the drivers|identify the "
     "risks|"
     "identify the main risks|identify the key|propose|recommend|plan|forecast|diagnose why|conduct|perform|develop .. "
     "plan|"
     "develop .. strategy|develop .. roadmap|design .. strategy|design .. plan|create .. strategy|create .. roadmap|"
     "create .. plan|create .. budget|create .. business plan|draft .. strategy|draft .. analysis|lay out|outline .. "
     "plan|"
     "outline .. strategy|build .. business case|make .. plan|can you make .. plan|debate|discuss|interpret|"
     "analysiere|analysieren|vergleiche|vergleichen|bewerte|bewerten|beurteile|erstelle .. strategie|"
     "erstelle .. plan|entwickle .. strategie|entwirf .. strategie|welche risiken|sollten wir|wage|erorter|"
     "analyse|analysez|compare|comparez|evalue|evaluez|elabore|concois .. strategie|devrions nous|discute|"
     "analiza|analizar|compara|comparar|evalua|evaluar|disena .. estrategia|elabora|debemos|debate|"
     "分析|请分析|比较|评估|对比|制定|为 .. 制定|评价|विश्लेषण|तुलना|मूल्यांकन|योजना बनाओ|रणनीति|"
     "is it worth|worth it|is it better|would you|what would you|which should|help me decide|help me think|"
     "what do you think|is it a good idea|what could be|whats wrong with my|who is right|am i right|sollte ich|"
     "lohnt sich|lohnt es|was spricht|macht es sinn|ist es sinnvoll|lieber|abwagen|woran liegt|wie wurdest|"
     "was haltst du|dois je|devrais je|faut il|vaut il mieux|que penses tu|qu en penses tu|ca vaut le coup|"
     "aide moi a choisir|pourquoi|debo|deberia|deberiamos|me conviene|que harias|vale la pena|merece la pena|"
     "que opinas|por que crees|compensa|要不要|该不该|值不值|值得|怎么选|选哪个|哪个好|你觉得|怎么看|你怎么看|"
     "如何看待|谈谈|规划|帮我看看|评价一下|分析一下|给我分析|क्या करूँ|क्या करना चाहिए|विवेचना|क्यों|kya karu|"
     "kya karna chahiye|kaunsa lu|sahi rahega|compare karo|better",
     {{{analysis, 3.4F}}}},
    {lead,
     "what if|how might|how would .. affect|how did .. affect|what factors|what are the main differences|"
     "what are the differences|what is the difference between|how can i improve|how can i increase|how can i develop|"
     "how can we|how should we|what are the primary|what are the most effective|why did|"
     "was ware wenn|und wenn|et si|que pasaria si|如果 .. 会|为什么 .. 应该",
     {{{analysis, 4.2F}, {qa, -0.7F}}}},
    {zone,
     "pros and cons|what would happen|what happens to|advantages and disadvantages|trade offs|tradeoffs|tradeoff|trade "
     "off|strategy|strategies|roadmap|swot|"
     "risk assessment|root cause|implications|impact of|impact on|effects of|budget|business case|key risks|risks|"
     "recommend one|recommendation|recommendations|market analysis|market entry|milestones|kpis|competitive analysis|"
     "cost benefit|arguments for and against|long term|over the next|corrective actions|due diligence|go to market|"
     "feasibility|benchmark|analysis|analyze|analyse|in depth|deep dive|drivers behind|drop in|"
     "vor und nachteile|vorteile und nachteile|risiken|strategie|meilensteinen|empfehlung|hinsichtlich|auswirkungen|"
     "avantages et|inconvenients|risques|plan d action|en termes de|budget et|"
     "ventajas|inconvenientes|riesgos|estrategia|presupuesto|plazos|recomienda|a diez anos|"
     "优缺点|利弊|风险|策略|战略|里程碑|预算|分析|影响|差异|फायदे और नुकसान|विश्लेषण|जोखिम|सुझाव दो|रणनीति|"
     "worth it|decide|decision|the catch|weigh|what would you do|likely cause|most likely|should i|should we|"
     "argument|arguments|root of|what could cause|hesitating|downsides|which one would you|lohnt|sinnvoll|"
     "entscheidung|abwagen|ursache|woran|einschatzung|argumente|was spricht|begrunde|gegen einander|"
     "was wurdest du|deine meinung|pro und contra|vaut le coup|hesite|choisir|peser|le pour et le contre|"
     "raisons|cause|hypotheses|ton avis|votre avis|conseillez|vale la pena|merece la pena|conviene|decidir|"
     "motivos|causas|opinas|argumenta|pros y contras|que harias|a favor y en contra|compensa|还是|要不要|"
     "该不该|划算|靠谱|合适|原因|建议|怎么办|哪个更|利与弊|好处|坏处|值得|理由|可行|纠结|漏洞|排查|优势|劣势|"
     "बेहतर|फायदा|फ़ायदा|नुकसान|तर्क|कारण|पक्ष|राय|आपके हिसाब|faayda|fayda|nuksan|behtar|karu ya|lu ya|wajah|"
     "sahi rahega|kya karu",
     {{{analysis, 2.3F}}}},
    {zone,
     "compared to|versus|vs|differences between|difference between|why did|why do|cause of|causes of|effective ways|"
     "factors|contract|report|data set|dataset|quarter|revenue|market|itinerary|day trip|trip to",
     {{{analysis, 1.1F}}}},
};

}  // namespace

std::span<const Cue> thinking_cues() { return cues; }

}  // namespace triaged::routing
