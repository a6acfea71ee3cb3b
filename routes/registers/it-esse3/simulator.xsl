<?xml version="1.0" encoding="UTF-8"?>
<!--
  Plays ESSE3: the login that gives a JWT, career segments in pages of start and limit, their rows, and the partitions with
  the language. Who shows neither account nor JWT gets 401; wrong parameters get 422 with ESSE3's own error object.
-->
<xsl:stylesheet version="3.0"
    xmlns:f="urn:emrexhub:simulators:it-esse3"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="requestMethod" as="xs:string" required="yes"/>
  <xsl:param name="requestPath" as="xs:string" required="yes"/>
  <xsl:param name="requestQuery" as="xs:string" required="yes"/>
  <xsl:param name="requestAuthorization" as="xs:string" required="yes"/>
  <xsl:param name="username" as="xs:string" required="yes"/>
  <xsl:param name="password" as="xs:string" required="yes"/>

  <xsl:variable name="jwt" as="xs:string" select="'invented.jwt.of-the-simulator'"/>
  <xsl:variable name="path" as="xs:string" select="replace($requestPath, '^.*/e3rest/api/|/$', '')"/>
  <xsl:variable name="steps" as="xs:string*" select="tokenize($path, '/')"/>
  <xsl:variable name="account" as="xs:boolean" select="$requestAuthorization = 'Basic ' || f:base64($username || ':' || $password)"/>
  <!-- In the XML form, which keeps the digits of a number as they are. -->
  <xsl:variable name="data" as="element(j:map)" select="json-to-xml(unparsed-text('simulator/libretto.json'))/j:map"/>

  <xsl:template match="/">
    <xsl:sequence select="
        if ($requestMethod ne 'GET') then f:error(405, 'Metodo non consentito')
        else if (not($account or $requestAuthorization = 'Bearer ' || $jwt)) then f:error(401, 'Credenziali non valide')
        else if ($path = 'auth-service-v1/login') then f:login()
        else if ($path = 'libretto-service-v2/libretti') then f:careers()
        else if (matches($path, '^libretto-service-v2/libretti/[0-9]+/righe$')) then f:list($data/j:map[@key='righe']/j:array[@key=$steps[3]])
        else if (matches($path, '^libretto-service-v2/libretti/[0-9]+/righe/[0-9]+/partizioni$')) then f:list($data/j:map[@key='partizioni']/j:array[@key=$steps[5]])
        else f:error(404, 'Risorsa non trovata')"/>
  </xsl:template>

  <xsl:function name="f:login" as="element(answer)">
    <xsl:variable name="session">
      <j:map>
        <j:string key="authToken">invented-session</j:string>
        <j:boolean key="expPwd">false</j:boolean>
        <xsl:if test="f:parameter('optionalFields') = ('jwt', 'ALL')">
          <j:string key="jwt">{$jwt}</j:string>
        </xsl:if>
        <j:map key="credentials">
          <j:string key="kind">BASIC</j:string>
          <j:string key="user">{$username}</j:string>
        </j:map>
      </j:map>
    </xsl:variable>
    <xsl:sequence select="f:json(200, $session/*)"/>
  </xsl:function>

  <xsl:function name="f:careers" as="element(answer)">
    <xsl:variable name="start" select="(f:parameter('start'), '0')[1]"/>
    <xsl:variable name="limit" select="(f:parameter('limit'), '50')[1]"/>
    <xsl:variable name="found" select="$data/j:array[@key='libretti']/j:map
        [every $code in f:parameter('codFis') satisfies j:string[@key='codiceFiscale'] = $code]
        [every $number in f:parameter('matricola') satisfies encode-for-uri(j:string[@key='matricola']) = $number]"/>
    <xsl:variable name="page">
      <j:array>
        <xsl:if test="$start castable as xs:integer and $limit castable as xs:integer">
          <xsl:copy-of select="subsequence($found, xs:integer($start) + 1, xs:integer($limit))"/>
        </xsl:if>
      </j:array>
    </xsl:variable>
    <xsl:sequence select="
        if (not($start castable as xs:integer) or not($limit castable as xs:integer) or number($limit) gt 100)
        then f:error(422, 'Parametri non corretti')
        else f:json(200, $page/*)"/>
  </xsl:function>

  <xsl:function name="f:list" as="element(answer)">
    <xsl:param name="list" as="element(j:array)?"/>
    <xsl:variable name="copy">
      <j:array>
        <xsl:copy-of select="$list/*"/>
      </j:array>
    </xsl:variable>
    <xsl:sequence select="if (empty($list)) then f:error(404, 'Risorsa non trovata') else f:json(200, $copy/*)"/>
  </xsl:function>

  <xsl:function name="f:error" as="element(answer)">
    <xsl:param name="status" as="xs:integer"/>
    <xsl:param name="text" as="xs:string"/>
    <xsl:variable name="error">
      <j:map>
        <j:number key="statusCode">{$status}</j:number>
        <j:number key="retCode">-1</j:number>
        <j:string key="retErrMsg">{$text}</j:string>
        <j:array key="errDetails"/>
      </j:map>
    </xsl:variable>
    <xsl:sequence select="f:json($status, $error/*)"/>
  </xsl:function>

  <xsl:function name="f:json" as="element(answer)">
    <xsl:param name="status" as="xs:integer"/>
    <xsl:param name="content" as="element()"/>
    <answer status="{$status}" type="application/json;charset=UTF-8">{xml-to-json($content)}</answer>
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
