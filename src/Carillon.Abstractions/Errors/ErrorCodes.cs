namespace Carillon;

/// <summary>
/// The stable codes of errors at run time. A code never changes its meaning; <c>docs/errors.md</c> explains each.
/// Codes below 1000 belong to the analyzers.
/// </summary>
public static class ErrorCodes
{
    /// <summary>A configuration key is unknown or its value is not allowed.</summary>
    public const string InvalidConfiguration = "CRL1001";

    /// <summary>No transport was chosen, or more than one.</summary>
    public const string TransportMissing = "CRL1002";

    /// <summary>Two subscriptions handle one command.</summary>
    public const string CommandHandledTwice = "CRL1003";

    /// <summary>Two message types share one wire name and version, or one type was registered twice with different names.</summary>
    public const string DuplicateMessageName = "CRL1004";

    /// <summary>A topic, service or subscription name holds characters that are not allowed.</summary>
    public const string InvalidName = "CRL1005";

    /// <summary>A handler was asked for that the source generator did not write.</summary>
    public const string UnknownHandler = "CRL1006";

    /// <summary>The stored schema is newer than this version of Carillon.</summary>
    public const string SchemaTooNew = "CRL1007";

    /// <summary>The place where messages are to be stored cannot carry them safely.</summary>
    public const string UnsafeStorage = "CRL1008";

    /// <summary>The database server can only be read: it is a standby, or read-only.</summary>
    public const string NotPrimary = "CRL1009";

    /// <summary>Tables are missing, or older than this version of Carillon.</summary>
    public const string SchemaMissing = "CRL1010";

    /// <summary>The server is too old.</summary>
    public const string UnsupportedServer = "CRL1011";

    /// <summary>The database has an encoding that cannot hold every text.</summary>
    public const string UnsupportedEncoding = "CRL1012";

    /// <summary>Two programs run under the name of one service and handle different messages.</summary>
    public const string ServiceNameShared = "CRL1013";

    /// <summary>A subscription asks for the order of keys on a transport that gives them no exclusive owner.</summary>
    public const string OrderNotKept = "CRL1014";

    /// <summary>A type is not a message: it has neither <c>[Event]</c> nor <c>[Command]</c>.</summary>
    public const string NotAMessage = "CRL2001";

    /// <summary>A message could not be turned into bytes.</summary>
    public const string SerializationFailed = "CRL2002";

    /// <summary>A message is larger than the limit.</summary>
    public const string MessageTooLarge = "CRL2003";

    /// <summary>The transport did not accept the message.</summary>
    public const string PublishFailed = "CRL2004";

    /// <summary>The publisher's buffer is full.</summary>
    public const string PublisherOverloaded = "CRL2005";

    /// <summary>No subscription handles the command.</summary>
    public const string NoCommandHandler = "CRL2006";

    /// <summary>The bus was used before the host started or after it stopped.</summary>
    public const string BusNotRunning = "CRL2007";

    /// <summary>An event was sent like a command, or a command was published like an event.</summary>
    public const string WrongMessageKind = "CRL2008";

    /// <summary>A header, key or address given by the publisher is not allowed.</summary>
    public const string InvalidPublishOptions = "CRL2009";

    /// <summary>A unit of work was asked for where there can be none, or used after its end.</summary>
    public const string InvalidUnitOfWork = "CRL2010";

    /// <summary>What a handler publishes is refused for now, because a subscription in memory is full.</summary>
    public const string SubscriptionFull = "CRL2011";

    /// <summary>A message would be refused by those who receive it, for what its body holds.</summary>
    public const string UnreadableMessage = "CRL2012";

    /// <summary>A unit of work is used, or published beside, by code in which it is not ambient, because a method that has returned began it.</summary>
    public const string UnitOfWorkNotJoined = "CRL2013";

    /// <summary>Another message with the id of this one waits on the schedule.</summary>
    public const string AlreadyScheduled = "CRL2014";

    /// <summary>Code inside a unit of work has ended its transaction, which is not its own to end.</summary>
    public const string TransactionEnded = "CRL2015";

    /// <summary>The message has no body.</summary>
    public const string EmptyBody = "CRL3001";

    /// <summary>The body is not the JSON that its type asks for.</summary>
    public const string MalformedBody = "CRL3002";

    /// <summary>The body is not valid UTF-8.</summary>
    public const string InvalidEncoding = "CRL3003";

    /// <summary>The body nests deeper than the limit.</summary>
    public const string TooDeep = "CRL3004";

    /// <summary>The body is larger than the limit.</summary>
    public const string BodyTooLarge = "CRL3005";

    /// <summary>The body holds more properties than the limit.</summary>
    public const string TooManyProperties = "CRL3006";

    /// <summary>The message does not say its type.</summary>
    public const string TypeMissing = "CRL3007";

    /// <summary>No handler of the subscription knows the type.</summary>
    public const string UnknownType = "CRL3008";

    /// <summary>A required CloudEvents attribute is missing or malformed.</summary>
    public const string InvalidAttribute = "CRL3009";

    /// <summary>The content type is not one that a serializer of this service reads.</summary>
    public const string UnknownContentType = "CRL3010";

    /// <summary>There are too many headers, or one is too long or malformed.</summary>
    public const string HeaderLimit = "CRL3011";

    /// <summary>The message expired before it was handled.</summary>
    public const string Expired = "CRL3012";

    /// <summary>A handler failed on every attempt.</summary>
    public const string HandlerFailed = "CRL3013";

    /// <summary>The message names a CLR type where its wire name belongs.</summary>
    public const string TypeNameOnWire = "CRL3014";

    /// <summary>An id was used again for a message with another body.</summary>
    public const string IdReused = "CRL3015";

    /// <summary>A key stands still at a message that keeps failing and is tried again until it is handled.</summary>
    public const string KeyStopped = "CRL3016";

    /// <summary>A message could not be processed, again and again, for a reason that lies outside of its handlers.</summary>
    public const string ProcessingFailed = "CRL3017";

    /// <summary>A handler took longer than its subscription allows and was cancelled.</summary>
    public const string HandlerTimedOut = "CRL3018";

    /// <summary>Processes died, one after the other, while they handled a message.</summary>
    public const string ProcessDied = "CRL3019";

    /// <summary>The store of parked messages is full or cannot be written.</summary>
    public const string ParkingFailed = "CRL4001";

    /// <summary>The dead letter does not exist (any more).</summary>
    public const string DeadLetterNotFound = "CRL4002";

    /// <summary>The partition was taken over by another instance, and what the earlier owner wrote was refused.</summary>
    public const string PartitionTakenOver = "CRL4003";

    /// <summary>The service has no such subscription.</summary>
    public const string SubscriptionNotFound = "CRL4004";

    /// <summary>The subscription is not retired, because an instance of it is running.</summary>
    public const string SubscriptionInUse = "CRL4005";

    /// <summary>The database cannot be reached, is full, or failed in another way.</summary>
    public const string StorageFailed = "CRL5001";

    /// <summary>Another transaction was in the way, or a statement took too long.</summary>
    public const string StorageBusy = "CRL5002";

    /// <summary>All connections to the database are in use.</summary>
    public const string ConnectionsExhausted = "CRL5003";

    /// <summary>The database can never hold what was to be stored as it is.</summary>
    public const string ContentRefused = "CRL5004";

    /// <summary>A reader keeps the write-ahead log of a SQLite file from shrinking.</summary>
    public const string WriteAheadLogHeld = "CRL5005";

    /// <summary>A subscription keeps old messages from being removed.</summary>
    public const string RetentionHeld = "CRL5006";
}
