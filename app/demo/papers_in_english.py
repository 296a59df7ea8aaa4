"""What to attach and why it is asked for, in English, by the code of the document type."""

ENGLISH = {
    "loan-form": (
        "The application form with the signature of the cooperative's signatories on every page",
        "Confirms that the signatories really apply and vouch for what the application says",
    ),
    "board-minutes": (
        "Must state the amount, the term and the purpose, and name the board members present",
        "Shows that the board resolved to borrow the amount for the term that is asked for",
    ),
    "general-meeting-minutes": (
        "Only the item that sets the borrowing and guarantee ceiling of the present accounting year",
        "Shows the borrowing and guarantee ceiling that the general meeting set",
    ),
    "registrar-approval": (
        "Must be of the present accounting year, and leave at least the amount that is asked for",
        "Confirms that the registrar agreed to this year's ceiling",
    ),
    "financial-statements": (
        "At least the last accounting year; all of the last three are considered faster",
        "Shows how the cooperative stands and whether it can repay",
    ),
    "trial-balance": (
        "The last month before the day of the application",
        "Shows how the cooperative stands just before it applies",
    ),
    "registration": (
        "The present certificate, with the name and number that the application has",
        "Confirms that the cooperative is registered and is the one that applies",
    ),
    "bylaws": (
        "As in force on the day of the application",
        "Shows the power to borrow and how members are lent to",
    ),
    "guarantors": (
        "Copies of identity cards are not needed; cover the numbers and whatever is not asked for if you attach them",
        "Shows who guarantees the loan and until when they are in office",
    ),
    "member-list": (
        "Each one's amount and purpose; leave out identity numbers",
        "Shows that members want the loan and that their wishes add up to the amount asked",
    ),
    "spending-plan": (
        "Shows from which income each month of the term is repaid",
        "Shows what the loan is used for and from which income it is repaid",
    ),
    "ordinary-rate-notice": (
        "For programmes whose rate to members has to lie below the ordinary-loan rate",
        "Used to check the rate to members",
    ),
    "bank-book": (
        "The account in the cooperative's name that receives the loan; name and number must be readable",
        "Used to pay the loan into the right account",
    ),
    "power-of-attorney": (
        "Only where somebody else acts for the signatories",
        "Shows that whoever acts for them may do so",
    ),
    "disaster-evidence": (
        "The notice of the disaster area, or a list of the members who live there",
        "Shows that the members are in the area that the programme helps",
    ),
}
