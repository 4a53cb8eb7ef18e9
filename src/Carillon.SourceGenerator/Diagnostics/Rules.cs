using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Diagnostics;

/// <summary>What people get wrong, and what to do about it. Each rule has a page in docs/rules.</summary>
internal static class Rules
{
    public const string HelpRoot = "https://github.com/carillon-dotnet/carillon/blob/main/docs/rules/";

    public static readonly DiagnosticDescriptor NoMessageParameter = Usage(
        "CRL0001",
        "A handler has no message parameter",
        "'{0}' has no message as its first parameter: put a type with [Event] or [Command], an IReadOnlyList<T> of one, or an Envelope first",
        "The first parameter says which messages a handler wants. Everything after it is injected.");

    public static readonly DiagnosticDescriptor AsyncVoid = Reliability(
        "CRL0002",
        "A handler is async void",
        "'{0}' is async void, so nobody can wait for it or see its exceptions: return Task or ValueTask",
        "A message counts as handled when its handler has returned. An async void method returns at its first await, so the message "
        + "would be acknowledged before it is handled, and an exception would end the process.");

    public static readonly DiagnosticDescriptor NotAMessage = Usage(
        "CRL0003",
        "A message has no valid name",
        "'{0}' is not a message with a valid name: {1}",
        "The name on the wire is a contract with other services, so it is written out: words of letters, digits, '-' and '_', separated by "
        + "single dots, at most 200 characters, with a version of 1 or more.");

    public static readonly DiagnosticDescriptor CommandHandledTwice = Reliability(
        "CRL0004",
        "A command has two handlers",
        "The command '{0}' is already handled by '{1}': a command has exactly one handler; remove one, or make it an event",
        "A command is a wish to one receiver. With two handlers it would be carried out twice.",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor KeyMissing = Reliability(
        "CRL0005",
        "Order is asked for without a key",
        "'{0}' asks for order, but '{1}' declares no key: mark the property that must stay in order with [Key], or drop Ordered",
        "Messages are kept in order per key. A message without a key is handled in any order.");

    public static readonly DiagnosticDescriptor NotSerializable = Serialization(
        "CRL0006",
        "A message cannot be serialized",
        "'{0}' cannot be serialized as JSON: {1}; use another type, [JsonIgnore] or [JsonConverter]",
        "Messages travel as JSON, written and read by System.Text.Json. What it cannot write and read back would fail at run time.");

    public static readonly DiagnosticDescriptor DuplicateName = Usage(
        "CRL0007",
        "Two messages share one name",
        "'{0}' and '{1}' are both \"{2}\" version {3}: give one of them another name or version",
        "What arrives is recognised by its name and version alone, so each pair belongs to one type.",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor InvalidKey = Usage(
        "CRL0008",
        "A key is not usable",
        "The key '{0}' of '{1}' is not usable: {2}",
        "A message has at most one key. It is compared as text by every service and stored with the message, so equal keys must have "
        + "equal texts everywhere and always.");

    public static readonly DiagnosticDescriptor InvalidTopics = Usage(
        "CRL0009",
        "Topics or subscription are missing or not valid",
        "'{0}': {1}",
        "A topic is words of letters, digits, '-' and '_' separated by dots; in a pattern '*' stands for one word and a final '>' for one or "
        + "more. A handler of envelopes has no message that would say its topic, so it must name topics.");

    public static readonly DiagnosticDescriptor NotReachable = Usage(
        "CRL0010",
        "A handler cannot be called",
        "'{0}' cannot be called by Carillon: {1}",
        "Generated code calls handlers directly, so a handler is a public or internal method, not generic, of a class that is neither "
        + "generic nor hidden, with plain parameters.");

    public static readonly DiagnosticDescriptor ResultNotAMessage = Usage(
        "CRL0011",
        "A handler returns what is no message",
        "'{0}' returns '{1}', which is no message and holds none: return types with [Event] or [Command], or nothing",
        "What a handler returns is published, so it must be a message, several of them, or null.");

    public static readonly DiagnosticDescriptor InvalidBatchSize = Usage(
        "CRL0012",
        "A batch size is out of range",
        "The batch size {0} of '{1}' is not allowed: choose 1 to 10,000",
        "A batch is held in memory and retried as a whole, so its size is limited.");

    public static readonly DiagnosticDescriptor WrongMessageUse = Usage(
        "CRL0013",
        "A message is used in a way that cannot work",
        "'{0}' {1}",
        "Messages are handled and published by their exact type: by a base class or interface nothing would be found. Events are published "
        + "to many, commands are sent to one.");

    public static readonly DiagnosticDescriptor MessageNotReachable = Usage(
        "CRL0014",
        "A message type cannot be used",
        "The message '{0}' cannot be used: {1}",
        "Generated code names every message type, so it is a public or internal type without type parameters, and not static.");

    public static readonly DiagnosticDescriptor NotInjectable = Usage(
        "CRL0015",
        "A handler parameter cannot be injected",
        "The parameter '{0}' of '{1}' cannot be injected: {2}",
        "Every parameter after the message comes from the context or from the registered services.");

    public static readonly DiagnosticDescriptor DeliveryContradicted = Reliability(
        "CRL0016",
        "A handler asks for another delivery than that of its unit of work",
        "'{0}' asks for {3} delivery, but its parameter '{1}' ({2}) comes from a unit of work, whose effect happens exactly once: drop "
        + "Delivery, or drop the parameter",
        "A transaction, a connection and an IUnitOfWork are those of the unit of work that the handler runs in. Its rows, what it publishes and "
        + "the mark that the message was handled are committed together, once.");

    public static readonly DiagnosticDescriptor ContextNotJoined = Usage(
        "CRL0017",
        "A handler takes a DbContext without Carillon.EntityFrameworkCore",
        "The parameter '{0}' of '{1}' is a {2}, which only Carillon.EntityFrameworkCore can bring into the unit of work of the handler: refer to that package, "
        + "or take the context in the constructor to work outside",
        "A handler that takes a DbContext runs in a unit of work: its rows, what it publishes and the mark that the message was handled are committed "
        + "together, once. The package makes the context work on the transaction of that unit of work.");

    public static readonly DiagnosticDescriptor UnitOfWorkLeft = Reliability(
        "CRL0018",
        "An async method begins a unit of work for its caller",
        "'{0}' is async and hands out the unit of work that it begins, which what its caller publishes would not join: return the task of BeginAsync as it is, "
        + "without async and await, or begin the unit of work in the method that publishes and commits",
        "A unit of work is ambient in the method that begins it and in what that calls. When an async method returns, its caller is where it was before, outside of the unit of work, and "
        + "what it publishes would be sent whether the unit of work commits or not.");

    public static readonly DiagnosticDescriptor LanguageTooOld = Usage(
        "CRL0019",
        "The language version is too old",
        "This project is written in C# {0}, and the code that Carillon generates needs C# {1}: set LangVersion to {1} or newer, or remove it",
        "Handlers are called by generated code, which is compiled as part of the project and in its version of C#. Below the version that it needs, none is generated.",
        WellKnownDiagnosticTags.CompilationEnd);

    // A warning: who only reads with the context, or has it on another database, does nothing wrong.
    public static readonly DiagnosticDescriptor ContextOutside = Create(
        "CRL0020",
        "A handler that runs exactly once has a DbContext outside of its unit of work",
        "'{0}' runs exactly once, but '{1}' ({2}) has no part in its unit of work: take the context as a parameter of the handler, and what its services do with it joins as well",
        "Reliability",
        "Only a context that is a parameter of the handler works in the transaction that commits its rows, what it publishes and the mark that the message was handled. With one from a constructor, a repository, an "
        + "interface or a factory, rows would be committed by themselves, and again with each attempt, so writing with it is refused at run time. Reading is not, nor is a context on another database.",
        [],
        DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Usage(string id, string title, string message, string description, params string[] tags) =>
        Create(id, title, message, "Usage", description, tags);

    private static DiagnosticDescriptor Reliability(string id, string title, string message, string description, params string[] tags) =>
        Create(id, title, message, "Reliability", description, tags);

    private static DiagnosticDescriptor Serialization(string id, string title, string message, string description, params string[] tags) =>
        Create(id, title, message, "Serialization", description, tags);

    private static DiagnosticDescriptor Create(
        string id, string title, string message, string category, string description, string[] tags, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, description, $"{HelpRoot}{id}.md", tags);
}
