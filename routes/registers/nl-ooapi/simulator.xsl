<?xml version="1.0" encoding="UTF-8"?>
<!--
  Plays an institution's OOAPI: tokens, people, associations in pages, offerings, courses, from simulator/v5.json and
  simulator/v6.json. Who shows no token of this server gets 401, who asks for what there is not gets 404.
-->
<xsl:stylesheet version="3.0"
    xmlns:array="http://www.w3.org/2005/xpath-functions/array"
    xmlns:f="urn:emrexhub:simulators:nl-ooapi"
    xmlns:map="http://www.w3.org/2005/xpath-functions/map"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="requestMethod" as="xs:string" required="yes"/>
  <xsl:param name="requestPath" as="xs:string" required="yes"/>
  <xsl:param name="requestQuery" as="xs:string" required="yes"/>
  <xsl:param name="requestAuthorization" as="xs:string" required="yes"/>
  <xsl:param name="requestBody" as="xs:string" required="yes"/>
  <xsl:param name="clientId" as="xs:string" required="yes"/>
  <xsl:param name="clientSecret" as="xs:string" required="yes"/>

  <xsl:variable name="token" as="xs:string" select="'invented-token-of-the-simulator'"/>
  <xsl:variable name="steps" as="xs:string*" select="tokenize(replace($requestPath, '^.*/simulators/nl-ooapi', ''), '/')[. ne '']"/>
  <xsl:variable name="version" as="xs:string" select="($steps[1], '')[1]"/>
  <xsl:variable name="v6" as="xs:boolean" select="$version = 'v6'"/>

  <xsl:template match="/">
    <xsl:choose>
      <xsl:when test="string-join($steps, '/') = 'oauth2/token'">
        <xsl:call-template name="token"/>
      </xsl:when>
      <xsl:when test="not($version = ('v5', 'v6')) or $requestMethod ne 'GET'">
        <xsl:sequence select="f:problem(404, 'Resource not found')"/>
      </xsl:when>
      <xsl:when test="$requestAuthorization ne 'Bearer ' || $token">
        <xsl:sequence select="f:problem(401, 'Unauthorized')"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:sequence select="f:answer(parse-json(unparsed-text('simulator/' || $version || '.json')))"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- RFC 6749, 4.4: the client shows its secret in the header or in the form. -->
  <xsl:template name="token">
    <xsl:variable name="form" select="tokenize($requestBody, '&amp;')"/>
    <xsl:choose>
      <xsl:when test="not($form = 'grant_type=client_credentials')">
        <answer status="400" type="application/json">{{"error":"unsupported_grant_type"}}</answer>
      </xsl:when>
      <xsl:when test="$requestAuthorization = 'Basic ' || f:base64($clientId || ':' || $clientSecret)
          or ($form = 'client_id=' || encode-for-uri($clientId) and $form = 'client_secret=' || encode-for-uri($clientSecret))">
        <answer status="200" type="application/json">{{"access_token":"{$token}","token_type":"Bearer","expires_in":300}}</answer>
      </xsl:when>
      <xsl:otherwise>
        <answer status="401" type="application/json">{{"error":"invalid_client"}}</answer>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:function name="f:answer" as="element(answer)">
    <xsl:param name="data" as="map(*)"/>
    <xsl:variable name="collection" select="$steps[2]"/>
    <xsl:variable name="id" select="$steps[3]"/>
    <xsl:variable name="all" select="($collection ! $data(.))[. instance of array(*)] ! array:flatten(.)"/>
    <xsl:choose>
      <xsl:when test="$collection = 'persons' and exists($steps[4])">
        <xsl:variable name="items" select="($data($steps[4])[. instance of map(*)] ! .($id))"/>
        <xsl:sequence select="
            if (empty($items)) then f:problem(404, 'Resource not found')
            else f:page(array:flatten($items)[f:is-asked-for(.)])"/>
      </xsl:when>
      <xsl:when test="$collection = 'persons' and empty($id)">
        <!-- Percent-encoded texts are compared as such: XPath can't decode. -->
        <xsl:sequence select="f:page($all[every $code in f:parameter('primaryCode') satisfies
            (?primaryCode, ?otherCodes?*)?code ! encode-for-uri(.) = $code])"/>
      </xsl:when>
      <xsl:when test="$collection = ('organizations', 'organisations') and empty($id)">
        <xsl:sequence select="f:page($all)"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="one" select="$all[(?offeringId, ?courseOfferingId[$collection = 'course-offerings'],
            ?programmeOfferingId, ?courseId[$collection = 'courses'], ?programId, ?programmeId[$collection = 'programmes']) = $id]"/>
        <xsl:sequence select="
            if (empty($one)) then f:problem(404, 'Resource not found') else f:json(200, 'application/json', $one[1])"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:function>

  <!-- v5 asks for associations of courseOffering, whose own type is courseOfferingAssociation. -->
  <xsl:function name="f:is-asked-for" as="xs:boolean">
    <xsl:param name="association" as="map(*)"/>
    <xsl:variable name="type" select="f:parameter('associationType')"/>
    <xsl:variable name="role" select="f:parameter('role')"/>
    <xsl:variable name="state" select="(f:parameter('result-state'), f:parameter('resultState')) ! replace(., '%20', ' ')"/>
    <xsl:sequence select="
        (empty($type) or $association?associationType = $type || 'Association')
        and (empty($role) or $association?role = $role)
        and (empty($state) or $association?result?state = $state)"/>
  </xsl:function>

  <xsl:function name="f:page" as="element(answer)">
    <xsl:param name="items" as="map(*)*"/>
    <xsl:variable name="number" select="xs:integer((f:parameter('pageNumber'), '1')[1])"/>
    <xsl:variable name="size" select="xs:integer((f:parameter('pageSize'), '10')[1])"/>
    <xsl:sequence select="
        if (not($size = (10, 20, 50, 100, 250))) then f:problem(400, 'Bad request')
        else f:json(200, 'application/json', map {
          'pageSize': $size,
          'pageNumber': $number,
          'hasPreviousPage': $number gt 1,
          'hasNextPage': count($items) gt $number * $size,
          'totalPages': xs:integer(ceiling(count($items) div $size)),
          'items': array { subsequence($items, ($number - 1) * $size + 1, $size) }
        })"/>
  </xsl:function>

  <!-- v5 gives the status as text, v6 as number with a type. -->
  <xsl:function name="f:problem" as="element(answer)">
    <xsl:param name="status" as="xs:integer"/>
    <xsl:param name="title" as="xs:string"/>
    <xsl:sequence select="f:json($status, 'application/problem+json',
        if ($v6) then map { 'type': 'about:blank', 'status': $status, 'title': $title }
        else map { 'status': string($status), 'title': $title })"/>
  </xsl:function>

  <xsl:function name="f:json" as="element(answer)">
    <xsl:param name="status" as="xs:integer"/>
    <xsl:param name="type" as="xs:string"/>
    <xsl:param name="content" as="map(*)"/>
    <answer status="{$status}" type="{$type}">{serialize($content, map { 'method': 'json' })}</answer>
  </xsl:function>

  <xsl:function name="f:parameter" as="xs:string*">
    <xsl:param name="name" as="xs:string"/>
    <xsl:sequence select="tokenize($requestQuery, '&amp;')[substring-before(., '=') = $name] ! substring-after(., '=')"/>
  </xsl:function>

  <!-- Of ASCII only, as the demo's credentials are. -->
  <xsl:function name="f:base64" as="xs:string">
    <xsl:param name="text" as="xs:string"/>
    <xsl:variable name="digits" select="'0123456789ABCDEF'"/>
    <xsl:variable name="hex" select="string-join(string-to-codepoints($text)
        ! (substring($digits, . idiv 16 + 1, 1) || substring($digits, . mod 16 + 1, 1)))"/>
    <xsl:sequence select="string(xs:base64Binary(xs:hexBinary($hex)))"/>
  </xsl:function>

</xsl:stylesheet>
