namespace Carillon;

/// <summary>What a subscription does with a message of its topics whose type no running instance has a handler for.</summary>
public enum UnhandledTypes
{
    /// <summary>
    /// Ignore where a handler of this version asked for a pattern that the message's topic matches, because then other types are expected; dead letter
    /// where the topic is named, or only another version has asked for it, because then a strange type is a mistake or not for this version. The default.
    /// </summary>
    ByTopic = 0,

    /// <summary>The message waits for an instance that handles it, and after <see cref="SubscriptionOptions.UnhandledRetention"/> becomes a dead letter with <see cref="ErrorCodes.UnknownType"/>.</summary>
    DeadLetter = 1,

    /// <summary>The message is finished without being handled. One that had a handler before, and failed, waits like with <see cref="DeadLetter"/>.</summary>
    Ignore = 2,
}
