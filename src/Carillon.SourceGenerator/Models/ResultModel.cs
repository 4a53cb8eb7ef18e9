namespace Carillon.SourceGenerator.Models;

/// <summary>What a handler returns, taken apart down to the messages.</summary>
/// <param name="Kind">How the messages lie in it.</param>
/// <param name="Message">The message, for <see cref="ResultKind.Message"/>.</param>
/// <param name="Parts">What it consists of, for the other kinds.</param>
/// <param name="IsClosed">For <see cref="ResultKind.OneOf"/>: whether the last part is the declared type itself, so that nothing else can come.</param>
internal sealed record ResultModel(ResultKind Kind, MessageModel? Message, EquatableArray<ResultModel> Parts, bool IsClosed = false)
{
    /// <summary>Every message in it, in order.</summary>
    public IEnumerable<MessageModel> Messages => Message is not null ? [Message] : Parts.SelectMany(part => part.Messages);

    public static ResultModel Of(MessageModel message) => new(ResultKind.Message, message, default);

    public static ResultModel Of(ResultKind kind, params ResultModel[] parts) => new(kind, null, new(parts));
}
