namespace Carillon.SourceGenerator.Models;

/// <summary>What the generator knows of one handler. Holds no symbol and no position, so that it is equal until its meaning changes.</summary>
/// <param name="Class">The class that declares it.</param>
/// <param name="Method">The method's name, as C# writes it.</param>
/// <param name="IsStatic">Whether it is called without an instance.</param>
/// <param name="IsLocal">Whether it handles events of the process only.</param>
/// <param name="Input">What it takes as its first parameter.</param>
/// <param name="Message">The message it handles, or null for envelopes.</param>
/// <param name="Settings">What its attribute says.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Shape">How it says that it is finished.</param>
/// <param name="Result">What it returns to be published, or null for nothing.</param>
/// <param name="SourceFile">The name of the file it is in, to sort by.</param>
/// <param name="IsMethodObsolete">Whether only code that is obsolete itself may call the method.</param>
internal sealed record HandlerModel(
    TypeModel Class,
    string Method,
    bool IsStatic,
    bool IsLocal,
    MessageInput Input,
    MessageModel? Message,
    HandlerSettings Settings,
    EquatableArray<ParameterModel> Parameters,
    ReturnShape Shape,
    ResultModel? Result,
    string SourceFile,
    bool IsMethodObsolete)
{
    /// <summary>What people call it: <c>Inventory.On(OrderCreated)</c>.</summary>
    public string Name => $"{Class.ShortName}.{Method.TrimStart('@')}({Parameters[0].Type.ShortName})";

    /// <summary>Every message that it can publish by returning it.</summary>
    public IEnumerable<MessageModel> Published => Result?.Messages ?? [];

    /// <summary>Whether it runs in a unit of work: because it says so, or because it takes a part of one.</summary>
    public bool RunsInUnitOfWork => Settings.AsksForExactlyOnce || Parameters.Any(parameter => parameter.IsOfUnitOfWork);

    /// <summary>Whether its effect happens exactly once. A local handler joins the caller's unit of work, and is not delivered at all.</summary>
    public bool IsExactlyOnce => !IsLocal && RunsInUnitOfWork;

    /// <summary>Whether a message may get lost, and is never handled twice. A local handler is not delivered at all.</summary>
    public bool IsAtMostOnce => !IsLocal && Settings.AsksForAtMostOnce;

    /// <summary>Whether only code that is obsolete itself may call it: because of the method, or of a type that the call names.</summary>
    public bool IsObsolete =>
        IsMethodObsolete
        || Class.IsObsolete
        || Parameters.Any(parameter => parameter.Type.IsObsolete || parameter.IsKeyObsolete)
        || Published.Any(message => message.Type.IsObsolete);

    /// <summary>The topics that it handles.</summary>
    public IEnumerable<string> Topics =>
        Settings.Topics.Count > 0 ? Settings.Topics : Message is { } message ? [message.Topic ?? message.WireName] : [];
}
