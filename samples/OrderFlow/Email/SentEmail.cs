namespace OrderFlow.Email;

/// <summary>An e-mail that was sent.</summary>
/// <param name="Number">Its running number.</param>
/// <param name="Kind">What it is: <c>welcome</c>, <c>order-paid</c> or <c>order-rejected</c>.</param>
/// <param name="Reference">The user or the order that it is about.</param>
/// <param name="To">The address, or the user's id when the user never registered one.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Text">Its text.</param>
/// <param name="SentAt">When the reason for it came up.</param>
internal sealed record SentEmail(long Number, string Kind, string Reference, string To, string Subject, string Text, DateTimeOffset SentAt);
