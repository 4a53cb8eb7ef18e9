namespace OrderFlow.Email;

/// <summary>An e-mail to be sent.</summary>
/// <param name="Kind">What it is: <c>welcome</c>, <c>order-paid</c> or <c>order-rejected</c>.</param>
/// <param name="Reference">What it is about: the user or the order. Nobody gets two e-mails of one kind about one thing.</param>
/// <param name="UserId">Who gets it.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Text">Its text.</param>
/// <param name="At">When the reason for it came up.</param>
internal sealed record Letter(string Kind, string Reference, string UserId, string Subject, string Text, DateTimeOffset At);
