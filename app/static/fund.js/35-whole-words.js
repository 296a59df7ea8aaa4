// Names and the fund's words stay on one line: browsers break Thai by a dictionary of their own, each at other places.
"use strict";

(() => {
  const WORDS = [
    "ปีงบประมาณ(?:\u00a0\\d{4})?",
    "ร้อยละ(?:\u00a0[\\d.,–]+)?",
    "กองทุน",
    "ผู้ใช้แรงงาน",
    "แรงงาน",
    "ดอกเบี้ย",
    "สหกรณ์",
    "ออมทรัพย์",
    "เครดิตยูเนี่ยน",
    "พนักงาน",
    "โรงงาน",
    "รัฐวิสาหกิจ",
    "(?:นางสาว|นาง|นาย)[ก-๎]{2,16}(?: [ก-๎]{2,20})?",
  ];
  // Provinces of several syllables.
  const PROVINCES =
    "กรุงเทพมหานคร สมุทรปราการ นนทบุรี ปทุมธานี พระนครศรีอยุธยา อ่างทอง ลพบุรี สิงห์บุรี ชัยนาท สระบุรี " +
    "ชลบุรี ระยอง จันทบุรี ฉะเชิงเทรา ปราจีนบุรี นครนายก สระแก้ว นครราชสีมา บุรีรัมย์ สุรินทร์ ศรีสะเกษ " +
    "อุบลราชธานี ยโสธร ชัยภูมิ อำนาจเจริญ บึงกาฬ หนองบัวลำภู ขอนแก่น อุดรธานี หนองคาย มหาสารคาม ร้อยเอ็ด " +
    "กาฬสินธุ์ สกลนคร นครพนม มุกดาหาร เชียงใหม่ ลำพูน ลำปาง อุตรดิตถ์ พะเยา เชียงราย แม่ฮ่องสอน นครสวรรค์ " +
    "อุทัยธานี กำแพงเพชร สุโขทัย พิษณุโลก พิจิตร เพชรบูรณ์ ราชบุรี กาญจนบุรี สุพรรณบุรี นครปฐม สมุทรสาคร " +
    "สมุทรสงคราม เพชรบุรี ประจวบคีรีขันธ์ นครศรีธรรมราช กระบี่ พังงา ภูเก็ต สุราษฎร์ธานี ระนอง ชุมพร สงขลา " +
    "พัทลุง ปัตตานี ยะลา นราธิวาส";
  const WHOLE = new RegExp(`(${[...WORDS, ...PROVINCES.split(" ")].join("|")})`);
  // A button's first text is its name, what is told once would be told twice, the others are no lines of text.
  const LEFT = [
    "button, .button, [role=status], [role=alert]",
    "option, textarea, script, style, svg, .visually-hidden, .whole-name, .whole",
  ].join(", ");

  function whole(word) {
    const made = document.createElement("span");
    made.className = "whole";
    made.textContent = word;
    return made;
  }

  // Between two such words a line may end, also where a dictionary knows neither; never where no line may end at all.
  function between(text) {
    return /nowrap|^pre$/.test(getComputedStyle(text.parentElement).whiteSpace) ? "" : document.createElement("wbr");
  }

  // One element in the place of the text, so that boxes in a row stay as many.
  function keepWhole(text) {
    const parts = text.data.replace(/\u2060/g, "").split(WHOLE); // joiners hold in some browsers alone
    if (parts.length === 1 || text.parentElement.closest(LEFT)) return;
    const line = document.createElement("span");
    parts.forEach((part, place) => {
      const isBetween = !part && place > 0 && place < parts.length - 1;
      if (place % 2) part.split(" ").forEach((word, at) => line.append(at ? " " : "", whole(word)));
      else line.append(isBetween ? between(text) : part);
    });
    text.replaceWith(line);
  }

  function keepWholeIn(root) {
    const found = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = root.nodeType === Node.TEXT_NODE ? [root] : [];
    while (found.nextNode()) texts.push(found.currentNode);
    for (const text of texts) if (text.parentElement) keepWhole(text);
  }

  keepWholeIn(document.body);
  const later = new MutationObserver((changes) => {
    for (const change of changes) for (const added of change.addedNodes) keepWholeIn(added);
  });
  later.observe(document.body, { childList: true, subtree: true });
})();
