/** The kinds of books as staff call them. */
export const bookWords: Record<string, string> = {
  wallet: "Wallets", receivable: "Receivables", promotional: "Promotional credit", prepaid_usage: "Prepaid hours", paypal_clearing: "PayPal clearing", paypal_fees: "PayPal fees",
  bank_clearing: "Bank clearing", in_transit: "In transit", disputed: "Disputed", chargebacks: "Chargebacks", promotions: "Promotions given",
  revenue: "Revenue", tax: "Tax", write_off: "Write-offs",
};

export const bookWord = (kind: string) => bookWords[kind] ?? kind.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
