#include "routing/feature_phrases.hpp"

namespace triaged::routing {

namespace {

constexpr const char* constraint_phrases =
    "must|must not|at most|at least|exactly|no more than|no less than|no longer than|less than|fewer than|more "
    "than|without|"
    "only|do not|dont|should not|shouldnt|never|cannot|ensure|make sure|be sure "
    "to|avoid|include|including|exclude|limit|"
    "limited to|restrict|required|requirement|requirements|constraint|constraints|respond with|reply with|answer with|"
    "return only|use only|in the style of|format|formatted|up to|within|for each|in json|as json|word count|"
    "muss|mussen|darf|durfen|hochstens|mindestens|genau|ohne|nur|nicht mehr als|keine|vermeide|maximal|"
    "doit|doivent|au plus|au moins|exactement|sans|seulement|uniquement|pas plus de|evite|maximum|"
    "debe|deben|como maximo|al menos|exactamente|sin|solo|solamente|no mas de|evita|"
    "必须|不得|最多|至少|不超过|不要|只能|仅|以内|确保|字数|限制|要求|格式|"
    "ज़रूर|अधिकतम|कम से कम|केवल|सिर्फ|बिना|मत|शब्दों में";

constexpr const char* reasoning_phrases =
    "prove|proof|derive|derivation|show that|step by step|why|justify|explain how|explain why|reason|reasoning|trade "
    "off|"
    "trade "
    "offs|tradeoff|tradeoffs|analyze|analyse|analysis|compare|contrast|evaluate|assess|assessment|critique|critically|"
    "implications|root cause|optimal|optimize|optimise|minimize|maximize|strategy|pros and cons|risk|risks|recommend|"
    "recommendation|recommendations|argue|argument|arguments|hypothesis|hypothesize|counterexample|what "
    "if|infer|deduce|"
    "investigate|diagnose|debug|refactor|design|architect|consequences|in "
    "depth|detailed|thorough|comprehensive|rigorous|"
    "rigorously|complexity|edge cases|work out|figure out|determine whether|interpret|synthesize|reconcile|forecast|"
    "beweise|beweis|leite .. her|begrunde|schritt fur "
    "schritt|warum|vergleiche|analysiere|analyse|bewerte|abwagung|risiken|"
    "vor und nachteile|empfehlung|ursache|strategie|optimiere|entwirf|ausfuhrlich|"
    "demontre|prouve|demonstration|justifie|etape par etape|pourquoi|compare|analyse|evalue|risques|avantages "
    "et|strategie|"
    "recommandation|concois|"
    "demuestra|demostracion|justifica|paso a paso|por que|compara|analiza|analisis|evalua|riesgos|ventajas e|ventajas "
    "y|"
    "estrategia|recomienda|disena|"
    "证明|推导|逐步|一步一步|为什么|比较|分析|评估|风险|优缺点|策略|建议|论证|设计|原因|"
    "सिद्ध|प्रमाण|चरण दर चरण|क्यों|तुलना|विश्लेषण|मूल्यांकन|जोखिम|रणनीति|फायदे और नुकसान";

constexpr const char* law_and_finance =
    "contract|contracts|clause|clauses|liability|liable|lawsuit|statute|statutory|jurisdiction|plaintiff|defendant|"
    "indemnity|indemnification|negligence|tort|gdpr|hipaa|compliance|regulatory|litigation|legal|legally|lawyer|court|"
    "covenant|covenants|nda|lease|tenant|landlord|copyright|patent|infringement|breach|termination|arbitration|"
    "valuation|dcf|ebitda|amortization|hedging|derivatives|portfolio|audit|tax treatment|capital gains|depreciation|"
    "legal opinion|enforceable|enforceability|unenforceable|rechtsgutachten|sittenwidrig|avis juridique|dictamen "
    "juridico|"
    "法律意见|"
    "vertrag|vertrage|klausel|klauseln|haftung|klage|gesetz|kundigungsschutz|dsgvo|mietrecht|steuerrecht|"
    "contrat|clause|responsabilite|tribunal|juridique|rgpd|"
    "contrato|clausula|clausulas|responsabilidad|tribunal|juridico|demanda judicial|"
    "合同|条款|责任|诉讼|法律|法院|侵权|违约|अनुबंध|कानूनी|दायित्व|अदालत";

constexpr const char* medicine_and_science =
    "diagnosis|diagnose|differential diagnosis|symptom|symptoms|dosage|dose|mg|patient|patients|clinical|prognosis|"
    "pathology|pathophysiology|contraindicated|side effects|drug "
    "interactions|overdose|ibuprofen|contraindications|tumor|tumour|renal|hepatic|chronic|acute|pregnancy|"
    "pregnant|medication|anticoagulant|warfarin|metformin|insulin|antibiotic|antibiotics|biopsy|lesion|infarction|"
    "enzyme|enzymes|protein|proteins|molecule|molecular|quantum|hamiltonian|entropy|spectroscopy|spectrum|isotope|"
    "catalyst|catalysis|reaction|reactions|mrna|genome|gene|genes|mutation|mutations|allele|phenotype|chromosome|"
    "receptor|"
    "relativistic|wavefunction|orbital|nmr|ligand|stereochemistry|enantiomer|redshift|thermodynamic|thermodynamics|"
    "magnetic "
    "field|electron|electrons|photon|photons|neutron|boson|fermion|plasma|enthalpy|kinetics|equilibrium|substrate|"
    "diagnose|dosierung|patientin|symptome|enzym|enzyme|quantenmechanik|"
    "diagnostic|posologie|symptomes|quantique|diagnostico|dosis|sintomas|paciente|enzima|cuantica|"
    "诊断|剂量|患者|症状|酶|蛋白质|量子|基因|分子|临床|निदान|खुराक|रोगी|लक्षण|एंजाइम|क्वांटम";

constexpr const char* mathematics_and_systems =
    "theorem|theorems|lemma|corollary|conjecture|axiom|converge|converges|convergence|topology|topological|manifold|"
    "integral|eigenvalue|eigenvalues|eigenvector|isomorphism|isomorphic|homomorphism|bijective|injective|polynomial|"
    "modulo|differential equation|partial differential|irrational|prime numbers|infinitely many|continuous function|"
    "hilbert space|banach|markov|bayesian|stochastic|np hard|np complete|combinatorial|induction|invertible|orthogonal|"
    "concurrency|deadlock|race condition|race conditions|distributed system|distributed systems|consensus|memory leak|"
    "lock free|mutex|scalability|fault tolerant|fault tolerance|sharding|idempotent|cryptographic|cryptography|"
    "security hole|security holes|security problem|security problems|vulnerability|vulnerabilities|exploit|exploits|"
    "sql injection|time complexity|algorithm|algorithms|cobol|fortran|legacy|mainframe|"
    "sicherheitslucke|sicherheitslucken|algorithmus|algorithmen|faille|failles|algorithme|vulnerabilidad|"
    "vulnerabilidades|algoritmo|漏洞|算法|एल्गोरिदम|"
    "satz|lemma|konvergenz|primzahlen|unendlich viele|theoreme|convergence|nombres premiers|teorema|convergencia|"
    "numeros primos|定理|收敛|微分方程|质数|素数|特征值|प्रमेय|अभाज्य";

}  // namespace

const Phrases& feature_phrases() {
  static const Phrases built = [] {
    Phrases p;
    p.add(constraint_phrases, constraint);
    p.add(reasoning_phrases, reasoning);
    p.add(law_and_finance, domain);
    p.add(medicine_and_science, domain);
    p.add(mathematics_and_systems, domain);
    p.add(
        "entire book|whole book|entire codebase|whole codebase|entire repository|whole repository|long document|"
        "lengthy document|long report|lengthy report|full transcript|entire transcript|long contract|lengthy contract|"
        "annual report|all the documents|ganze buch|gesamte dokument|lange bericht|livre entier|long document|"
        "documento completo|libro entero|整本书|整个代码库|长文档|पूरी किताब",
        large_document);
    p.add(
        "attached|attachment|attachments|uploaded|enclosed|angehangt|angehangten|beigefugt|beigefugten|anhang|ci joint|"
        "ci jointe|piece jointe|adjunto|adjunta|附件|संलग्न",
        attached_document);
    p.add("page|pages|pager|seite|seiten|seitige|seitigen|pagina|paginas|页|पेज|पृष्ठ|पन्नों", unit_page);
    p.add("slide|slides|folien|diapositives|diapositivas|幻灯片", unit_slide);
    p.add("chapter|chapters|kapitel|chapitres|capitulos|章", unit_chapter);
    p.add(
        "document|documents|contracts|papers|reports|articles|transcripts|files|emails|dokumente|vertrage|contrats|"
        "contratos|documentos|份|दस्तावेज़",
        unit_document);
    p.add("word|words|worter|mots|palabras|字|शब्द", unit_word);
    p.add("lines|zeilen|lignes|lineas|行", unit_line);
    p.add("word|words|wort|worter|wortern|mots|palabras|字|शब्द|शब्दों", length_word);
    p.add("sentence|sentences|satze|satzen|phrases|frases|oraciones|句话|वाक्य|वाक्यों", length_sentence);
    p.add("paragraph|paragraphs|absatze|absatzen|paragraphes|parrafos|段|अनुच्छेद", length_paragraph);
    p.add(
        "one word|single word|yes or no|true or false|einem wort|un mot|un seul mot|una palabra|una sola palabra|"
        "一个词|一个字|एक शब्द",
        one_word);
    p.add(
        "one sentence|single sentence|einem satz|une phrase|une seule phrase|una frase|una sola frase|一句话|"
        "एक वाक्य",
        one_sentence);
    p.add(
        "one paragraph|single paragraph|einem absatz|un paragraphe|un seul paragraphe|un parrafo|un solo parrafo|"
        "一段话|एक अनुच्छेद",
        one_paragraph);
    p.build();
    return p;
  }();
  return built;
}

}  // namespace triaged::routing
