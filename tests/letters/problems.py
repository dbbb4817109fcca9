"""What people with a problem type to find a letter: letter -> language -> their words."""

from __future__ import annotations

PROBLEMS = {
    "fee-or-format": {
        "en": ["they want $150", "the CD does not open", "the disc is empty"],
        "es": ["quieren 150 dólares", "el CD no se abre"],
        "de": ["sie wollen 150 €", "die CD geht nicht auf", "die CD ist leer"],
        "fr": ["ils veulent 150 €", "le CD ne s'ouvre pas", "on me demande 80 euros"],
    },
    "who-has-seen-them": {
        "en": ["who looked at my x-ray", "my ex works there and read my report", "a nurse snooped"],
        "es": ["quién miró mi radiografía", "mi vecina trabaja allí y leyó mi informe"],
        "de": [
            "wer hat mein Röntgenbild angeschaut",
            "meine Nachbarin arbeitet dort und hat meinen Befund gelesen",
        ],
        "fr": ["qui a regardé ma radio", "ma voisine travaille là et a lu mon compte rendu"],
    },
    "reminder": {
        "en": ["they never wrote back", "still waiting after six weeks", "they do not answer"],
        "es": ["nunca me contestaron", "sigo esperando después de seis semanas"],
        "de": ["sie antworten nicht", "ich warte seit sechs Wochen"],
        "fr": ["ils ne répondent pas", "j’attends depuis six semaines"],
    },
    "correct-my-record": {
        "en": ["the report names the wrong knee", "somebody else's scan is in my file"],
        "es": [
            "el informe dice la rodilla equivocada",
            "hay un estudio de otra persona en mi historial",
        ],
        "de": [
            "im Befund steht das falsche Knie",
            "die Aufnahme einer anderen Person ist in meiner Akte",
        ],
        "fr": [
            "le compte rendu parle du mauvais genou",
            "l’examen d’une autre personne est dans mon dossier",
        ],
    },
    "opt-out": {
        "en": ["did they sell my scan to Google", "I do not want my MRI used to train AI"],
        "es": ["vendieron mi resonancia a Google", "no quiero que usen mi TAC para entrenar IA"],
        "de": ["haben sie mein MRT an Google verkauft", "mein MRT soll keine KI trainieren"],
        "fr": ["ont-ils vendu mon IRM à Google", "je ne veux pas que mon scanner entraîne une IA"],
    },
    "too-much-id": {
        "en": ["they want a copy of my passport", "they ask for my social security number"],
        "es": ["quieren una copia de mi pasaporte"],
        "de": ["sie wollen eine Kopie meines Ausweises"],
        "fr": ["ils veulent une copie de mon passeport"],
    },
    "explain-the-breach": {
        "en": ["I got a letter about a data breach", "hackers have my scans"],
        "es": ["me llegó una carta sobre una filtración", "los hackers tienen mis imágenes"],
        "de": ["ich bekam einen Brief über eine Datenpanne", "Hacker haben meine Bilder"],
        "fr": ["j’ai reçu une lettre sur une fuite de données", "des pirates ont mes images"],
    },
    "move-mammograms": {
        "en": ["send my old mammograms to the new clinic"],
        "es": ["mandar mis mamografías a la clínica nueva"],
        "de": ["meine alten Mammografien an die neue Praxis schicken"],
        "fr": ["envoyer mes anciennes mammographies à la nouvelle clinique"],
    },
    "proxy-cover-note": {
        "en": ["I write for my mother", "my father has died"],
        "es": ["escribo por mi madre", "mi padre murió"],
        "de": ["ich schreibe für meine Mutter", "mein Vater ist gestorben"],
        "fr": ["j’écris pour ma mère", "mon père est mort"],
    },
    "care-made-conditional": {
        "en": ["they will not scan me unless I sign", "sign or no scan"],
        "es": ["no me hacen el estudio si no firmo"],
        "de": [
            "ohne Unterschrift keine Untersuchung",
            "sie untersuchen mich nicht wenn ich nicht unterschreibe",
        ],
        "fr": ["pas d’examen si je ne signe pas"],
    },
    "erase-my-data": {
        "en": ["delete everything about me"],
        "es": ["borren todo sobre mí"],
        "de": ["alles über mich löschen"],
        "fr": ["effacer tout sur moi"],
    },
    "delete-my-upload": {
        "en": ["I uploaded my scan to ChatGPT", "I posted my x-ray online"],
        "es": ["subí mi radiografía a ChatGPT"],
        "de": ["ich habe mein Röntgenbild bei ChatGPT hochgeladen"],
        "fr": ["j’ai envoyé ma radio à ChatGPT"],
    },
    "ask-insurer": {
        "en": ["what does my insurance know", "my insurance denied it because of AI"],
        "es": ["qué sabe mi seguro", "mi aseguradora lo negó por la IA"],
        "de": ["was weiß meine Krankenkasse", "meine Versicherung lehnt ab wegen KI"],
        "fr": ["que sait mon assurance", "ma mutuelle refuse à cause de l’IA"],
    },
    "keep-from-health-plan": {
        "en": ["I paid myself, do not tell my insurance"],
        "es": ["pagué yo, no lo digan a mi seguro"],
        "de": ["selbst bezahlt, Versicherung soll nichts erfahren"],
        "fr": ["j’ai payé moi-même, ne rien dire à mon assurance"],
    },
    "confidential-contact": {
        "en": ["do not call my home", "my husband opens my mail"],
        "es": ["no llamen a mi casa", "mi marido abre mi correo"],
        "de": ["nicht zu Hause anrufen", "mein Mann öffnet meine Post"],
        "fr": ["ne pas appeler chez moi", "mon mari ouvre mon courrier"],
    },
    "leave-a-study": {
        "en": ["I want out of the study", "leave the biobank"],
        "es": ["quiero salir del estudio clínico", "salir del biobanco"],
        "de": ["ich will aus der Studie aussteigen", "Biobank verlassen"],
        "fr": ["je veux quitter l’étude", "sortir de la biobanque"],
    },
    "review-refusal": {
        "en": ["they refused to give me my records"],
        "es": ["se negaron a darme mi historial"],
        "de": ["sie verweigern mir die Akte"],
        "fr": ["ils refusent de me donner mon dossier"],
    },
    "ai-in-my-care": {
        "en": ["did a computer read my scan", "was it a robot or a doctor"],
        "es": ["un ordenador leyó mi estudio", "fue una máquina o un médico"],
        "de": ["hat ein Computer mein CT gelesen", "Maschine oder Arzt"],
        "fr": ["un ordinateur a lu mon scanner", "machine ou médecin"],
    },
    "revoke-permission": {
        "en": ["I signed a consent and changed my mind", "take back my signature"],
        "es": ["firmé un permiso y cambié de idea", "retirar mi firma"],
        "de": ["ich habe unterschrieben und es mir anders überlegt", "Einwilligung zurückziehen"],
        "fr": ["j’ai signé et j’ai changé d’avis", "retirer ma signature"],
    },
    "complaint": {
        "en": ["where can I complain", "they broke the law"],
        "es": ["dónde puedo quejarme", "violaron la ley"],
        "de": ["wo kann ich mich beschweren", "sie haben gegen das Gesetz verstoßen"],
        "fr": ["où puis-je me plaindre", "ils ont violé la loi"],
    },
    "secure-transfer": {
        "en": ["they sent my scans by plain e-mail", "send it encrypted"],
        "es": ["mandaron mis imágenes por correo sin cifrar"],
        "de": ["verschlüsselt schicken", "unverschlüsselte E-Mail"],
        "fr": ["envoyer chiffré", "e-mail non chiffré"],
    },
    "retention-and-deletion": {
        "en": ["how long do they keep my scans"],
        "es": ["cuánto tiempo guardan mis imágenes"],
        "de": ["wie lange werden meine Bilder aufbewahrt"],
        "fr": ["combien de temps gardent-ils mes images"],
    },
    "exchange-opt-out": {
        "en": ["other hospitals can see my records", "Care Everywhere"],
        "es": ["otros hospitales ven mi historial"],
        "de": ["andere Krankenhäuser sehen meine Akte"],
        "fr": ["d’autres hôpitaux voient mon dossier"],
    },
    "patient-file-research": {
        "en": ["ePA research"],
        "es": ["historial electrónico investigación"],
        "de": ["ePA Widerspruch Forschung", "meine Krankenkasse forscht mit meiner Akte"],
        "fr": ["Mon espace santé recherche"],
    },
}
